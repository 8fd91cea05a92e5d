using static VllmSecure.EndToEndTests.Attacks.Http1.Requests;

namespace VllmSecure.EndToEndTests.Attacks.Http1;

/// <summary>Several requests on one connection, and attempts to turn it into something else.</summary>
internal static class ConnectionCases
{
    private const string WebSocket = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    public static IEnumerable<Http1Case> All { get; } =
    [
        new("Pipelined", Ok + Ok + Ok, 200, 200, 200, 200),
        new("Pipelined, 50 of them", string.Concat(Enumerable.Repeat(Ok, 50)), [.. Enumerable.Repeat(200, 51)]),
        new("Pipelined behind a close", Post("Connection: close\r\n" + Length(Good), Good) + Ok, 200),
        new("Pipelined behind a refusal", Smuggled + Ok, 404, 200, 200),
        new("Pipelined behind an unread body", Post("Content-Encoding: gzip\r\n" + Length(Smuggled), Smuggled), 415, 200),
        new("Pipelined behind a body of the wrong key", Ok.Replace(AttackedProxy.Key, "wrong", StringComparison.Ordinal), 401, 200),
        new("GET with a body", Get(Length(Smuggled), Smuggled), 405),
        new("GET with a chunked body", Get("Transfer-Encoding: chunked\r\n", Chunked(Smuggled)), 405),
        new("HEAD with a body", Get(Length(Smuggled) + "Connection: close\r\n", Smuggled).Replace("GET ", "HEAD ", StringComparison.Ordinal), 405),
        new("Expect: 100-continue", Post("Expect: 100-continue\r\n" + Length(Good), Good), 200, 200),
        new("Expect: 100-continue, refused", Post("Expect: 100-continue\r\nContent-Encoding: gzip\r\n" + Length(Good), Good), 415, 200),
        new("Expect: 100-continue, too long", Post("Expect: 100-continue\r\nContent-Length: 99999999999\r\n", Good), 413),
        new("Expect: something else", Post("Expect: 200-ok\r\n" + Length(Good), Good), 200, 200),

        new("Upgrade to h2c", Post("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n" + Length(Good), Good), 200, 200),
        new("Upgrade to h2c of a GET", Get("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n", ""), 405, 200),
        new("Upgrade to a WebSocket on an endpoint that has none", Get(WebSocket, Smuggled), 405, 404, 200),
        new("Upgrade to a WebSocket with a POST", Post(WebSocket + Length(Good), Good), 200, 200),
        new("Upgrade to a WebSocket that the upstream answers 200", Get(WebSocket, "").Replace(Target, "/v1/realtime", StringComparison.Ordinal) + Smuggled, 200, 404, 200),
        new("Upgrade to a WebSocket of a wrong version", Get(WebSocket.Replace("13", "777", StringComparison.Ordinal), "").Replace(Target, "/v1/realtime", StringComparison.Ordinal) + Smuggled, 200, 404, 200),
        new("Upgrade to TLS", Post("Connection: Upgrade\r\nUpgrade: TLS/1.2\r\n" + Length(Good), Good), 200, 200),
        new("Upgrade to two protocols", Post("Connection: Upgrade\r\nUpgrade: h2c, websocket\r\n" + Length(Good), Good), 200, 200),
    ];

    private static string Get(string headers, string body) => $"GET {Target} HTTP/1.1\r\n{Credentials}{headers}\r\n{body}";
}
