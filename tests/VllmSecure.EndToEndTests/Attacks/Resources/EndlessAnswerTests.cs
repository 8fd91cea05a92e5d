using VllmSecure.IntegrationTests.Harness;

namespace VllmSecure.EndToEndTests.Attacks.Resources;

/// <summary>An upstream that never ends costs the proxy no memory, and ends when the client leaves.</summary>
[Collection(UnderAttack.Name)]
public sealed class EndlessAnswerTests
{
    private const string Chunked = "Transfer-Encoding: chunked\r\n\r\n";
    private const int Megabytes = 200;

    private static readonly Dictionary<string, (string Head, string Piece)> Cases = new(StringComparer.Ordinal)
    {
        ["Stream of events"] = ($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{Chunked}", Chunk("data: {\"choices\":[{\"delta\":{\"content\":\"" + new string('a', 200) + "\"}}]}\n\n")),
        ["Stream whose first line never ends"] = ($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{Chunked}", Chunk("data: " + new string('a', 16_000))),
        ["Stream of comments"] = ($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{Chunked}", Chunk(": " + new string('a', 100) + "\n")),
        ["JSON whose string never ends"] = ($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{Chunked}{Chunk("{\"a\":\"")}", Chunk(new string('a', 16_000))),
        ["JSON that goes deeper for ever"] = ($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{Chunked}", Chunk(new string('[', 16_000))),
        ["Length of 2 TB"] = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2000000000000\r\n\r\n", new string(' ', 16_000)),
    };

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Answer_WithoutEnd_IsPassedOnInLittleMemoryAndEndsWithTheClient(string name)
    {
        await using var upstream = new EndlessUpstream(Cases[name].Head, Cases[name].Piece);
        await using var proxy = await AttackedProxy.StartAsync(upstream.Address);
        using var client = proxy.CreateClient();
        var before = proxy.Figures;

        using (var response = await client.SendForStreamAsync(ChatRequests.Chat(stream: name.StartsWith("Stream", StringComparison.Ordinal))))
        {
            await using var stream = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[1024 * 1024];
            for (var read = 0; read < Megabytes; read++)
            {
                await stream.ReadAtLeastAsync(buffer, buffer.Length).AsTask().WaitAsync(AttackedProxy.Guard);
            }
        }

        await upstream.Cut.WaitAsync(AttackedProxy.Guard);
        var after = proxy.Figures;
        TestContext.Current.TestOutputHelper?.WriteLine($"before: {before}; after: {after}");
        Assert.InRange(after.ResidentMiB - before.ResidentMiB, double.MinValue, 100); // Half of what went through it.
    }

    [Fact]
    public async Task Headers_WithoutEnd_AreAnUpstreamFailure()
    {
        await using var upstream = new EndlessUpstream("HTTP/1.1 200 OK\r\n", "X-A: " + new string('a', 1000) + "\r\n");
        await using var proxy = await AttackedProxy.StartAsync(upstream.Address);
        using var client = proxy.CreateClient();

        using var response = await client.SendForStreamAsync(ChatRequests.Chat());

        Assert.Equal(System.Net.HttpStatusCode.BadGateway, response.StatusCode);
        await upstream.Cut.WaitAsync(AttackedProxy.Guard);
    }

    private static string Chunk(string text) => FormattableString.Invariant($"{text.Length:x}\r\n{text}\r\n");
}
