using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>A body is understood before it goes on, or it does not go on.</summary>
public sealed class RequestBodyTests : IAsyncLifetime
{
    private SimulatedVllm _vllm = null!;
    private ProxyUnderTest _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        _vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        _proxy = await ProxyUnderTest.StartAsync(_vllm.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _vllm.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"model":"test-model","model":"other","messages":[]}""", HttpStatusCode.BadRequest, "duplicate_key")]
    [InlineData("""{"model":"test-model","messages":[]} trailing""", HttpStatusCode.BadRequest, "invalid_json")]
    [InlineData("""{"model":"test-model","messages":[],"n":1000}""", HttpStatusCode.BadRequest, "limit_exceeded")]
    [InlineData("""{"model":"test-model","messages":[],"chat_template":"{{ x }}"}""", HttpStatusCode.BadRequest, "field_refused")]
    [InlineData("""{"model":"test-model","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://169.254.169.254/"}}]}]}""", HttpStatusCode.BadRequest, "media_refused")]
    public async Task Body_NotAllowed_NeverReachesVllm(string json, HttpStatusCode status, string code)
    {
        using var response = await _proxy.Client.SendAsync(ChatRequests.Post(ChatRequests.Path, json));

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, await response.ErrorCodeAsync());
        Assert.Empty(_vllm.Journal.Requests);
    }

    [Fact]
    public async Task Body_Compressed_Is415()
    {
        using var request = ChatRequests.Chat();
        request.Content!.Headers.ContentEncoding.Add("gzip");

        using var response = await _proxy.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("unsupported_content_encoding", await response.ErrorCodeAsync());
    }

    [Fact]
    public async Task Body_Chunked_ArrivesWithItsLength()
    {
        using var request = ChatRequests.Chat();
        request.Headers.TransferEncodingChunked = true;

        using var response = await _proxy.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var arrived = Assert.Single(_vllm.Journal.Requests);
        Assert.Equal(arrived.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), arrived.Header("Content-Length"));
        Assert.Null(arrived.Header("Transfer-Encoding"));
    }

    [Fact]
    public async Task Stream_WithoutUsageAskedFor_VllmIsAskedAndTheClientSeesNone()
    {
        using var response = await _proxy.Client.SendAsync(ChatRequests.Chat(stream: true));
        var stream = await response.Content.ReadAsStringAsync();

        using var arrived = JsonDocument.Parse(Assert.Single(_vllm.Journal.Requests).Body);
        Assert.True(arrived.RootElement.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        Assert.DoesNotContain("\"usage\":{", stream, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", stream, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_WithUsageAskedFor_ShowsIt()
    {
        const string Body = """{"model":"test-model","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}""";

        using var response = await _proxy.Client.SendAsync(ChatRequests.Post(ChatRequests.Path, Body));

        Assert.Contains("\"choices\":[],\"usage\":{", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(Body, Assert.Single(_vllm.Journal.Requests).BodyText);
    }

    [Fact]
    public async Task Responses_AreNotStoredAndNotReadById()
    {
        using var created = await _proxy.Client.SendAsync(ChatRequests.Post("/v1/responses", """{"model":"test-model","input":"hi","store":true}"""));
        using var read = await _proxy.Client.GetAsync(new Uri("/v1/responses/resp_1", UriKind.Relative));
        using var cancelled = await _proxy.Client.PostAsync(new Uri("/v1/responses/resp_1/cancel", UriKind.Relative), content: null);

        Assert.Equal(HttpStatusCode.OK, created.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, cancelled.StatusCode);
        using var arrived = JsonDocument.Parse(Assert.Single(_vllm.Journal.Requests).Body);
        Assert.False(arrived.RootElement.GetProperty("store").GetBoolean());
    }

    [Fact]
    public async Task Audio_Multipart_PassesUnread()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Encoding.UTF8.GetBytes("RIFF not json")) { Headers = { ContentType = new MediaTypeHeaderValue("audio/wav") } }, "file", "a.wav" },
            { new StringContent(ChatRequests.Model), "model" },
        };

        using var response = await _proxy.Client.PostAsync(new Uri("/v1/audio/transcriptions", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
