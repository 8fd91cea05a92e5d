using System.Net.Security;
using System.Text;
using static VllmSecure.EndToEndTests.Attacks.Http1.Requests;

namespace VllmSecure.EndToEndTests.Attacks.Http1;

/// <summary>Bodies that pass unread (audio): their framing is made anew on the way, and one that breaks off never looks whole upstream.</summary>
public sealed class OpaqueBodyTests(Http1Target target) : IClassFixture<Http1Target>
{
    private const string Audio = "/v1/audio/transcriptions";
    private static readonly string Size = Good.Length.ToString("x", System.Globalization.CultureInfo.InvariantCulture);

    private static readonly Dictionary<string, string> WholeBodies = new(StringComparer.Ordinal)
    {
        ["Length"] = Post(Length(Good) + "Connection: close\r\n", Good),
        ["Length beside chunks"] = Post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", Chunked(Good)),
        ["Chunks with extensions"] = PostChunks($"{Size};a=\"b\"\r\n{Good}\r\n0;c\r\n\r\n"),
        ["Trailers that would matter"] = PostChunks($"{Size}\r\n{Good}\r\n0\r\nContent-Length: 5\r\nX-Request-Id: mine\r\n\r\n"),
    };

    private static readonly Dictionary<string, string> BrokenBodies = new(StringComparer.Ordinal)
    {
        ["Coding before chunked"] = Post("Transfer-Encoding: gzip, chunked\r\n", Chunked(Good)),
        ["Chunk of wrong length"] = PostChunks($"{Size}\r\n{Good}x\r\n0\r\n\r\n"),
        ["Second chunk beyond 32 bits"] = PostChunks($"{Size}\r\n{Good}\r\n1000000000\r\n0\r\n\r\n"),
        ["Trailer that is none"] = PostChunks($"{Size}\r\n{Good}\r\n0\r\nnonsense\r\n\r\n"),
    };

    public static TheoryData<string> Whole() => [.. WholeBodies.Keys];

    public static TheoryData<string> Broken() => [.. BrokenBodies.Keys];

    [Theory]
    [MemberData(nameof(Whole))]
    public async Task Body_Whole_ArrivesInFramingOfItsOwn(string name)
    {
        target.Upstream.Clear();

        var answers = await SendAsync(WholeBodies[name]);

        Assert.Equal(200, answers[0].Status);
        Assert.Empty(target.Upstream.Violations);
        var arrived = target.Upstream.Requests[0];
        Assert.Equal((Audio, Good), (arrived.Target, arrived.BodyText));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Body_Broken_NeverArrivesWhole(string name)
    {
        target.Upstream.Clear();

        var answers = await SendAsync(BrokenBodies[name]);

        Assert.Equal([400], answers.Select(answer => answer.Status));
        Assert.Contains("\"error\":{", answers[0].Body, StringComparison.Ordinal);
        Assert.Empty(target.Upstream.Requests);
    }

    private async Task<IReadOnlyList<RawAnswer>> SendAsync(string request)
    {
        await using var connection = await target.Proxy.OpenAsync(SslApplicationProtocol.Http11);
        var received = new MemoryStream();
        var reading = connection.CopyToAsync(received);
        await connection.WriteAsync(Encoding.Latin1.GetBytes(request.Replace(Target, Audio, StringComparison.Ordinal) + Probe));
        await reading.WaitAsync(AttackedProxy.Guard);
        return RawAnswer.Parse(received.ToArray(), isHead: false);
    }
}
