using System.Collections.Concurrent;
using System.Net;
using VllmSecure.IntegrationTests.Harness;

namespace VllmSecure.EndToEndTests.Attacks.Soak;

/// <summary>Clients of every kind: that stream, that do not, that are wrong, that leave, and that ask an upstream which fails.</summary>
internal sealed class MixedLoad(AttackedProxy proxy)
{
    /// <summary>The model of the upstream that has faults.</summary>
    public const string FaultyModel = "faulty-model";

    private const int RequestsPerClient = 25; // Then new connections: handshakes are a part of it, and new certificates are seen.

    private readonly ConcurrentDictionary<string, int> _outcomes = new(StringComparer.Ordinal);

    /// <summary>How often each thing happened.</summary>
    public string Outcomes => string.Join(", ", _outcomes.OrderBy(outcome => outcome.Key, StringComparer.Ordinal).Select(outcome => FormattableString.Invariant($"{outcome.Key} {outcome.Value}")));

    /// <summary>What no fault explains; the first of each kind.</summary>
    public ConcurrentBag<string> Unexplained { get; } = [];

    /// <summary>One client after another until it is over.</summary>
    public async Task RunAsync(int worker, CancellationToken over)
    {
        for (var round = worker; !over.IsCancellationRequested; round++)
        {
            using var client = proxy.CreateClient(round % 2 == 0 ? HttpVersion.Version11 : HttpVersion.Version20);
            for (var number = 0; number < RequestsPerClient && !over.IsCancellationRequested; number++)
            {
                await OneAsync(client, (round + number) % 9);
            }
        }
    }

    private async Task OneAsync(HttpClient client, int kind)
    {
        try
        {
            await (kind switch
            {
                0 or 1 => StreamAsync(client),
                2 => ExpectAsync(client, "JSON", ChatRequests.Chat(), HttpStatusCode.OK),
                3 => ExpectAsync(client, "embedding", ChatRequests.Post("/v1/embeddings", """{"model":"test-model","input":"a"}"""), HttpStatusCode.OK),
                4 => ExpectAsync(client, "bad JSON", ChatRequests.Post(ChatRequests.Path, "{"), HttpStatusCode.BadRequest),
                5 => ExpectAsync(client, "closed path", ChatRequests.Post("/v1/load_lora_adapter", "{}"), HttpStatusCode.NotFound),
                6 => LeaveAsync(client),
                7 => FaultyAsync(client, stream: true),
                _ => FaultyAsync(client, stream: false),
            });
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            Count("unexplained");
            Unexplained.Add($"{kind}: {exception}");
        }
    }

    private async Task StreamAsync(HttpClient client)
    {
        using var response = await client.SendForStreamAsync(ChatRequests.Chat(stream: true));
        Check("stream", response.StatusCode == HttpStatusCode.OK && (await response.Content.ReadAsStringAsync()).EndsWith("data: [DONE]\n\n", StringComparison.Ordinal), response);
    }

    private async Task ExpectAsync(HttpClient client, string what, HttpRequestMessage request, HttpStatusCode expected)
    {
        using (request)
        {
            using var response = await client.SendForStreamAsync(request);
            await response.Content.CopyToAsync(Stream.Null);
            Check(what, response.StatusCode == expected, response);
        }
    }

    private async Task LeaveAsync(HttpClient client)
    {
        using var response = await client.SendForStreamAsync(ChatRequests.Chat(stream: true, maxTokens: 1000));
        await using var stream = await response.Content.ReadAsStreamAsync();
        Check("left", await stream.ReadAsync(new byte[1]) == 1, response);
    }

    /// <summary>Whatever the fault, the client gets an answer, an error in the right shape, or a stream that is cut; and nobody else notices.</summary>
    private async Task FaultyAsync(HttpClient client, bool stream)
    {
        using var request = ChatRequests.Post(ChatRequests.Path, ChatRequests.Body(stream).Replace(ChatRequests.Model, FaultyModel, StringComparison.Ordinal));
        try
        {
            using var response = await client.SendForStreamAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            Check(
                FormattableString.Invariant($"fault {(int)response.StatusCode}"),
                response.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests || ((int)response.StatusCode >= 500 && body.Contains("\"error\":{", StringComparison.Ordinal)),
                response);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            Count("fault cut");
        }
    }

    private void Check(string what, bool isRight, HttpResponseMessage response)
    {
        Count(isRight ? what : "unexplained");
        if (!isRight)
        {
            Unexplained.Add($"{what}: {response}");
        }
    }

    private void Count(string what) => _outcomes.AddOrUpdate(what, 1, (_, count) => count + 1);
}
