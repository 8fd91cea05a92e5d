using System.Net;
using System.Net.Security;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using VllmSecure.EndToEndTests.Attacks.Http1;
using VllmSecure.EndToEndTests.Attacks.Http2;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.ApiSurface;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.EndToEndTests.Attacks.Routes;

/// <summary>Every endpoint of vLLM, in every spelling and by every method: only the open ones reach the simulator, which would answer all of them.</summary>
public sealed partial class RouteTests(SimulatorTarget target) : IClassFixture<SimulatorTarget>
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY", "get"];

    private static readonly HashSet<(string, string)> Open =
    [
        .. from endpoint in VllmEndpoints.All
           where endpoint.Class is EndpointClass.Inference or EndpointClass.Models && !endpoint.Path.Contains('{', StringComparison.Ordinal)
           from method in endpoint.Methods
           select (method, endpoint.Path),
    ];

    [Fact]
    public async Task Http1_EveryTarget_OnlyOpenOnesReachVllm()
    {
        target.Vllm.Journal.Clear();
        var answered = 0;
        foreach (var path in await PathsAsync())
        {
            // One connection each, with all requests at once: a refusal that ends it is followed by the rest on another.
            answered += await SendAsync(RequestsTo(path));
        }

        Assert.InRange(answered, 8_000, int.MaxValue);
        AssertOnlyOpen();
    }

    [Fact]
    public async Task Http2_EveryTarget_OnlyOpenOnesReachVllm()
    {
        target.Vllm.Journal.Clear();
        var answered = 0;
        foreach (var path in await PathsAsync())
        {
            answered += await SendHttp2Async(RequestsTo(path));
        }

        Assert.InRange(answered, 8_000, int.MaxValue);
        AssertOnlyOpen();
    }

    [Fact]
    public async Task OpenEndpoints_AsTheyAreWritten_AllReachVllm()
    {
        target.Vllm.Journal.Clear();
        using var client = target.Proxy.CreateClient();
        foreach (var (method, path) in Open.Where(open => open.Item1 == "POST"))
        {
            using var request = ChatRequests.Post(path, """{"model":"test-model","messages":[],"prompt":"a","input":"a","query":"a","documents":["a"],"max_tokens":1}""");
            if (path.StartsWith("/v1/audio/", StringComparison.Ordinal))
            {
<<<<<<< HEAD
                request.Content = new MultipartFormDataContent { { new ByteArrayContent([0]), "file", "a.wav" } };
=======
                request.Content = new MultipartFormDataContent { { new ByteArrayContent([0]), "file", "a.wav" }, { new StringContent(AttackedProxy.Model), "model" } };
>>>>>>> attacks
            }

            using var response = await client.SendAsync(request);
            Assert.NotEqual(HttpStatusCode.NotFound, response.StatusCode);
        }

        Assert.Superset(
            Open.Where(open => open.Item1 == "POST").Select(open => open.Item2).ToHashSet(StringComparer.Ordinal),
            target.Vllm.Journal.Requests.Select(request => request.RawTarget).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>All methods on the path itself, the two that vLLM knows on its other spellings.</summary>
    private static (string Method, string Target)[] RequestsTo(string path) =>
        [.. Methods.Select(method => (method, path)), .. from spelling in Spellings.Of(path) from method in (string[])["GET", "POST"] select (method, spelling)];

    /// <summary>The endpoints of the proxy's table, those of the simulator that are not in it, and the proxy's own.</summary>
    private async Task<IReadOnlyCollection<string>> PathsAsync()
    {
        using var client = new HttpClient();
        using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri(target.Vllm.Address, "/openapi.json")));
        target.Vllm.Journal.Clear();
        var simulated = document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name);
        string[] own = ["/alive", "/ready", "/status", "/upstreams", "/drain", "/.well-known/acme-challenge/x"];
        return [.. VllmEndpoints.All.Select(endpoint => endpoint.Path).Concat(simulated).Concat(own).Select(path => path.Replace("{id}", "resp_1", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)];
    }

    private void AssertOnlyOpen() => Assert.All(target.Vllm.Journal.Requests, request => Assert.Contains((request.Method, request.RawTarget), Open));

    private async Task<int> SendAsync((string Method, string Target)[] requests)
    {
        var answered = 0;
        while (answered < requests.Length)
        {
            await using var connection = await target.Proxy.OpenAsync(SslApplicationProtocol.Http11);
            var text = string.Concat(requests.Skip(answered).Select((request, index) =>
                $"{request.Method} {request.Target} HTTP/1.1\r\n{Requests.Credentials}{(index == requests.Length - answered - 1 ? "Connection: close\r\n" : "")}\r\n"));
            var received = new MemoryStream();
            var reading = connection.CopyToAsync(received);
            try
            {
                await connection.WriteAsync(Encoding.Latin1.GetBytes(text));
                await reading.WaitAsync(AttackedProxy.Guard);
            }
            catch (IOException)
            {
                // Closed behind a refusal, with the rest unread.
            }

            var before = answered;
            answered += StatusLine().Count(Encoding.Latin1.GetString(received.ToArray()));
            Assert.True(answered > before, $"No answer to {requests[before]}");
        }

        return answered;
    }

    private async Task<int> SendHttp2Async((string Method, string Target)[] requests)
    {
        var answered = 0;
        while (answered < requests.Length)
        {
            await using var connection = await RawHttp2.OpenAsync(target.Proxy);
            var stream = -1;
            foreach (var (method, path) in requests.Skip(answered))
            {
                stream += 2;
                await connection.WriteAsync(Frame.Headers(
                    stream, Hpack.Encode([(":method", method), (":scheme", "https"), (":authority", "localhost"), (":path", path), .. Http2Requests.Rest]), endStream: true));
                answered++;
                if ((await connection.OutcomeAsync(stream)).StartsWith("GOAWAY", StringComparison.Ordinal))
                {
                    break;
                }
            }
        }

        return answered;
    }

    [GeneratedRegex("HTTP/1\\.1 [2345]", RegexOptions.None, 1000)]
    private static partial Regex StatusLine();
}
