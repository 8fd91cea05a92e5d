using System.Net;
using System.Text;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Simulator;

public class ErrorsTests
{
    private const string Chat = "/v1/chat/completions";

    [Theory]
    [InlineData("""{"model":"other","messages":[{"role":"user","content":"x"}]}""", 404, "NotFoundError", "model")]
    [InlineData("""{"model":"m"}""", 400, "BadRequestError", "messages")]
    [InlineData("""{"model":"m","messages":[{"content":"x"}]}""", 400, "BadRequestError", "messages")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"n":0}""", 400, "BadRequestError", "n")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":"many"}""", 400, "BadRequestError", "max_tokens")]
    [InlineData("""{"model":7,"messages":[{"role":"user","content":"x"}]}""", 400, "BadRequestError", "model")]
    [InlineData("[]", 400, "BadRequestError", null)]
    [InlineData("{", 400, "Bad Request", null)]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"\ud800"}]}""", 400, "Bad Request", null)]
    public async Task Request_Invalid_IsVllmsError(string body, int status, string type, string? param)
    {
        await using var client = await SimulatorClient.StartAsync();
        var (code, json) = await client.PostAsync(Chat, body);
        Assert.Equal(status, (int)code);
        var error = json["error"]!;
        Assert.Equal((type, param, status), ((string?)error["type"], (string?)error["param"], (int)error["code"]!));
        Assert.NotEmpty((string)error["message"]!);
    }

    [Fact]
    public async Task Request_TooLong_IsRefused()
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { Models = ["m"], MaxModelLength = 4 });
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync(Chat, SimulatorClient.Chat("a b c d"))).Status);
        Assert.Equal(1, (int)(await client.PostOkAsync(Chat, SimulatorClient.Chat("a b c")))["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task Request_OtherContentType_IsRefusedAsVllmDoes()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var response = await client.Http.PostAsync(Chat, new StringContent(SimulatorClient.Chat("x"), Encoding.UTF8, "text/plain"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Unsupported Media Type", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/models", null, 401)]
    [InlineData("/v1/models", "Bearer wrong", 401)]
    [InlineData("/v1/models", "Basic secret", 401)]
    [InlineData("/v1/models", "Bearer secret", 200)]
    [InlineData("/v1/models", "bearer secret", 200)]
    [InlineData("/v2/rerank", null, 401)]
    [InlineData("/inference/v1/generate", null, 401)]
    [InlineData("/cohere/v2/chat", null, 401)]
    [InlineData("/metrics", null, 200)]
    [InlineData("/sleep", null, 200)]
    public async Task ApiKey_Set_GuardsFourPrefixesOnly(string path, string? authorization, int status)
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { ApiKey = "secret" });
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await client.Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 401)
        {
            Assert.Equal("""{"error":"Unauthorized"}""", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Path_Unknown_Is404AndWrongMethod405()
    {
        await using var client = await SimulatorClient.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await client.Http.GetAsync("/v1/nothing")).StatusCode);
        using var response = await client.Http.GetAsync(Chat);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("POST", string.Join(',', response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("/%6detrics", 200)]
    [InlineData("/v1%2Fmodels", 200)]
    [InlineData("http://elsewhere/metrics", 200)]
    [InlineData("/metrics?x=1", 200)]
    [InlineData("//metrics", 404)]
    [InlineData("/./metrics", 404)]
    [InlineData("/v1/../metrics", 404)]
    [InlineData("/METRICS", 404)]
    [InlineData("/metrics;x", 404)]
    public async Task Path_Encoded_IsRoutedAsStarletteDoes(string target, int status)
    {
        await using var client = await SimulatorClient.StartAsync();
        using var connection = await RawConnection.OpenAsync(client.Vllm.Address);
        await connection.SendAsync($"GET {target} HTTP/1.1\nHost: {client.Vllm.Address.Authority}");
        Assert.StartsWith($"HTTP/1.1 {status} ", await connection.ReadUntilAsync("\r\n"), StringComparison.Ordinal);
        Assert.Equal(target, Assert.Single(client.Vllm.Journal.Requests).RawTarget);
    }

    [Fact]
    public async Task Origin_Any_IsAllowed()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var preflight = new HttpRequestMessage(HttpMethod.Options, Chat);
        preflight.Headers.Add("Origin", "https://evil.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        using var response = await client.Http.SendAsync(preflight);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
    }
}
