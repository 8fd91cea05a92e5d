using VllmSecure.EndToEndTests.Attacks.Http1;

namespace VllmSecure.EndToEndTests.Attacks.Http2;

/// <summary>Raw frames in, and what arrived upstream beside them: each case is refused, or forwarded as exactly one well-formed request.</summary>
public sealed class Http2Tests(Http1Target target) : IClassFixture<Http1Target>
{
    private static readonly Dictionary<string, Http2Case> Cases =
        ((IEnumerable<Http2Case>)[.. HeaderFieldCases.All, .. FrameCases.All]).ToDictionary(item => item.Name, StringComparer.Ordinal);

    /// <summary>PROTOCOL_ERROR or COMPRESSION_ERROR: Kestrel closes the connection where RFC 9113 section 8.1.1 would let it live.</summary>
    private static readonly string[] Malformed = ["RST 1", "GOAWAY 1", "GOAWAY 9"];

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Frames_OfAnyKind_AreRefusedOrForwardedAsOneRequest(string name)
    {
        target.Upstream.Clear();
        await using var connection = await RawHttp2.OpenAsync(target.Proxy);

        await connection.WriteAsync(Cases[name].Frames);

        var outcome = await connection.OutcomeAsync(1);
        Assert.Equal(Cases[name].Outcome, Cases[name].Outcome == "malformed" && Malformed.Contains(outcome) ? "malformed" : outcome);
        var expected = Cases[name].Outcome == "200" ? 1 : 0;
        Assert.Empty(target.Upstream.Violations);
        Assert.Equal(expected, target.Upstream.Requests.Count);
        Assert.All(target.Upstream.Requests, request => Assert.Equal(
            ("POST", Requests.Target, Requests.Good, target.Upstream.Address.Authority),
            (request.Method, request.Target, request.BodyText, string.Join(',', request.Values("Host")))));
    }
}
