using System.Globalization;
using System.Net;
using System.Text.Json;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>Audio comes as a form: its model decides as that of a JSON body does.</summary>
public sealed class AudioFormTests : IAsyncLifetime
{
    private const string Path = "/v1/audio/transcriptions";
    private SimulatedVllm _vllm = null!;
    private ProxyUnderTest _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        _vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        _proxy = await ProxyUnderTest.StartAsync(_vllm.Address, [new("ApiKeys:test:Models", "test-*")]);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _vllm.DisposeAsync();
    }

    [Fact]
    public async Task Transcription_OfAnAllowedModel_ArrivesByteForByte()
    {
        var recording = new byte[2_000_000];
        Random.Shared.NextBytes(recording);
        using var form = Form(ChatRequests.Model, recording);
        var sent = await form.ReadAsByteArrayAsync();

        using var response = await _proxy.Client.PostAsync(Path, form);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.NotEqual("", answer.RootElement.GetProperty("text").GetString());
        Assert.Equal(sent, Assert.Single(_vllm.Journal.Requests).Body);
    }

    [Fact]
    public async Task Transcription_OfAnotherModel_Is403()
    {
        using var response = await _proxy.Client.PostAsync(Path, Form("secret-model", [1, 2, 3]));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("model_not_allowed", await response.ErrorCodeAsync());
        Assert.Empty(_vllm.Journal.Requests);
    }

    [Fact]
    public async Task Transcription_WithARefusedField_Is400()
    {
        using var form = Form(ChatRequests.Model, [1, 2, 3]);
        form.Add(new StringContent("{}"), "vllm_xargs");

        using var response = await _proxy.Client.PostAsync(Path, form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("field_refused", await response.ErrorCodeAsync());
        Assert.Empty(_vllm.Journal.Requests);
    }

    [Theory]
    [InlineData("n", "1000")]
    [InlineData("max_completion_tokens", "9999999")]
    [InlineData("max_completion_tokens", "1e9")]
    public async Task Transcription_WithANumberBeyondItsCap_Is400(string field, string value)
    {
        using var form = Form(ChatRequests.Model, [1, 2, 3]);
        form.Add(new StringContent(value), field);

        using var response = await _proxy.Client.PostAsync(Path, form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("limit_exceeded", await response.ErrorCodeAsync());
        Assert.Empty(_vllm.Journal.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(false, "stream_include_usage", "false")]
    [InlineData(false, "stream_continuous_usage_stats", "true")]
    [InlineData(true, "stream_include_usage", "true")]
    public async Task Stream_IsChargedByVllmsCount_AndShowsItOnlyWhoAsked(bool shows, string? field = null, string value = "")
    {
        await using var proxy = await ProxyUnderTest.StartAsync(
            _vllm.Address, [new("ApiKeys:test:TokensPerDay", "100000"), new("Quotas:AssumedOutputTokens", "0")]);
        using var form = Form(ChatRequests.Model, [1, 2, 3]);
        form.Add(new StringContent("true"), "stream");
        if (field is not null)
        {
            form.Add(new StringContent(value), field);
        }

        using var stream = await proxy.Client.PostAsync(Path, form);
        var events = await stream.Content.ReadAsStringAsync();
        using var next = await proxy.Client.SendAsync(ChatRequests.Chat(maxTokens: 1));

        Assert.EndsWith("data: [DONE]\n\n", events, StringComparison.Ordinal);
        Assert.Equal(shows, events.Contains("usage", StringComparison.Ordinal));
        var record = _vllm.Journal.Requests[0];
        Assert.InRange(
            100_000 - long.Parse(next.Headers.GetValues("x-ratelimit-remaining-tokens").Single(), CultureInfo.InvariantCulture),
            record.PromptTokens + record.TokensGenerated,
            record.PromptTokens + record.TokensGenerated + 20);
    }

    [Fact]
    public async Task Transcription_BeyondTheSizeOfMedia_Is400()
    {
        await using var proxy = await ProxyUnderTest.StartAsync(_vllm.Address, [new("RequestPolicy:MaxMediaBytes", "1000")]);

        using var largest = await proxy.Client.PostAsync(Path, Form(ChatRequests.Model, new byte[1000]));
        using var larger = await proxy.Client.PostAsync(Path, Form(ChatRequests.Model, new byte[1001]));

        Assert.Equal(HttpStatusCode.OK, largest.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, larger.StatusCode);
        Assert.Equal("limit_exceeded", await larger.ErrorCodeAsync());
        Assert.Single(_vllm.Journal.Requests);
    }

    [Fact]
    public async Task Transcription_AsJson_Is415()
    {
        using var response = await _proxy.Client.SendAsync(ChatRequests.Post(Path, """{"model":"test-model"}"""));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("unsupported_media_type", await response.ErrorCodeAsync());
    }

    private static MultipartFormDataContent Form(string model, byte[] recording) => new()
    {
        { new ByteArrayContent(recording), "file", "speech.wav" },
        { new StringContent(model), "model" },
    };
}
