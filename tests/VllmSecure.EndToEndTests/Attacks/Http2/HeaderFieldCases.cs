using VllmSecure.EndToEndTests.Attacks.Http1;
using static VllmSecure.EndToEndTests.Attacks.Http2.Http2Requests;

namespace VllmSecure.EndToEndTests.Attacks.Http2;

/// <summary>
/// Header fields (RFC 9113 section 8): what becomes HTTP/1.1 behind the proxy must not bring a line's end, a second length or a second
/// target with it.
/// </summary>
internal static class HeaderFieldCases
{
    private const string Malformed = "malformed";

    private static readonly (string Name, string Value)[] WebSocket = [(":method", "CONNECT"), (":protocol", "websocket")];

    public static IEnumerable<Http2Case> All { get; } =
    [
        new("In order", With(Good), "200"),
        .. Pseudo.Select(header => new Http2Case(header.Name + " twice", With([header, .. Good]), Malformed)),
        .. new[] { ":method", ":scheme", ":path" }.Select(name => new Http2Case(name + " missing", Without(name), Malformed)),
        new(":authority missing", Without(":authority"), "200"),
        new(":authority missing, host there", With([.. Good.Where(header => header.Name != ":authority"), ("host", "localhost")]), "200"),
        new(":authority and another host", Adding("host", "evil.example"), "200"),
        new(":authority with user information", Replacing(":authority", "user@localhost"), Malformed),
        new(":authority with a line break", Replacing(":authority", "localhost\r\nX-A: b"), Malformed),
        new(":authority with a path", Replacing(":authority", "localhost/x"), Malformed),
        new(":authority of somebody else", Replacing(":authority", "evil.example"), "200"),
        new(":path empty", Replacing(":path", ""), Malformed),
        new(":path without slash", Replacing(":path", "v1/chat/completions"), Malformed),
        new(":path is an asterisk", Replacing(":path", "*"), Malformed),
        new(":path is absolute", Replacing(":path", "https://localhost" + Requests.Target), Malformed),
        new(":path with a space and a version", Replacing(":path", Requests.Target + " HTTP/1.1"), "404"),
        new(":path with a line break", Replacing(":path", Requests.Target + " HTTP/1.1\r\nX-A: b\r\n\r\n"), Malformed),
        new(":path with NUL", Replacing(":path", Requests.Target + "\0"), Malformed),
        new(":path beyond ASCII", Replacing(":path", Requests.Target + "\u00e9"), Malformed),
        new(":path with a query", Replacing(":path", Requests.Target + "?a=b"), "200"),
        new(":path with an encoded slash", Replacing(":path", "/v1/chat%2fcompletions"), "404"),
        new(":method with a space", Replacing(":method", "POST /health HTTP/1.1"), Malformed),
        new(":method with a line break", Replacing(":method", "GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST"), Malformed),
        new(":method in lower case", Replacing(":method", "post"), "405"),
        new(":method empty", Replacing(":method", ""), Malformed),
        new(":scheme of plain HTTP", Replacing(":scheme", "http"), Malformed),
        new(":scheme with a line break", Replacing(":scheme", "https\r\n"), Malformed),
        new(":status in a request", With([(":status", "200"), .. Good]), Malformed),
        new("Unknown pseudo header", With([(":foo", "1"), .. Good]), Malformed),
        new("Pseudo header behind others", With([.. Rest, .. Pseudo]), Malformed),
        new("CONNECT with a path", Replacing(":method", "CONNECT"), Malformed),
        new("WebSocket on an endpoint that has none", With([.. WebSocket, .. Good.Where(header => header.Name != ":method")]), "405"),

        new("Name in upper case", Adding("X-A", "b"), Malformed),
        new("Name empty", Adding("", "b"), Malformed),
        new("Name with NUL", Adding("x\0a", "b"), Malformed),

        // Kestrel takes these three. No name goes on that is not on a list.
        new("Name with a space", Adding("x a", "b"), "200"),
        new("Name with a colon", Adding("x:a", "b"), "200"),
        new("Name with a line break", Adding("x\r\na", "b"), "200"),

        new("Value with a line break", Adding("user-agent", "a\r\nX-Injected: b"), Malformed),
        new("Value with a whole request", Adding("user-agent", $"a\r\n\r\n{Requests.Smuggled}"), Malformed),
        new("Value with a bare LF", Adding("user-agent", "a\nb"), Malformed),
        new("Value with a bare CR", Adding("user-agent", "a\rb"), Malformed),
        new("Value with NUL", Adding("user-agent", "a\0b"), Malformed),
        new("Value with a control character", Adding("user-agent", "a\u0001b"), "200"),
        new("Value in UTF-8", Adding("user-agent", "a\u00c3\u00a9"), "200"),
        new("Value with spaces around", Adding("user-agent", " a "), "200"),
        new("connection", Adding("connection", "close"), Malformed),
        new("te: gzip", Adding("te", "gzip"), Malformed),

        // Kestrel takes the others of HTTP/1.1. They are not among the headers that go on.
        .. new[] { "keep-alive", "proxy-connection", "upgrade" }.Select(name => new Http2Case(name, Adding(name, "x"), "200")),
        new("transfer-encoding", Adding("transfer-encoding", "chunked"), "200"),
        new("transfer-encoding that is unknown", Adding("transfer-encoding", "x"), "400"),
        new("te: trailers", Adding("te", "trailers"), "200"),

        new("Length longer than the body", Adding("content-length", "999"), Malformed),
        new("Length shorter than the body", Adding("content-length", "3"), Malformed),
        new("Length of a body that never comes", [Frame.Headers(1, Hpack.Encode([.. Good, ("content-length", "5")]), endStream: true)], Malformed),
        new("Length twice", With([.. Good, ("content-length", "3"), ("content-length", "999")]), Malformed),
        new("Length negative", Adding("content-length", "-1"), Malformed),
        new("Length that is no number", Adding("content-length", "x"), Malformed),
        new("Length in order", Adding("content-length", FormattableString.Invariant($"{GoodBody.Length}")), "200"),
        new("Header field of 15 KiB", Adding("x-a", new string('a', 15_000)), "200"),
    ];
}
