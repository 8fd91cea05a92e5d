using System.Globalization;
using static VllmSecure.EndToEndTests.Attacks.Http1.Requests;

namespace VllmSecure.EndToEndTests.Attacks.Http1;

/// <summary>Header lines (RFC 9112 section 5): their ends, names, values, number and size, and those that decide something.</summary>
internal static class HeaderCases
{
    public static IEnumerable<Http1Case> All { get; } =
    [
        new("Bare LF ends every line", Ok.Replace("\r\n", "\n", StringComparison.Ordinal), 400),
        new("Bare LF ends one header", Post("X-A: b\n" + Length(Good), Good), 400),
        new("Bare LF ends the head", $"POST {Target} HTTP/1.1\r\n{Credentials}{Length(Good)}\n{Good}", 400),
        new("Bare CR ends a header", Post("X-A: b\rX-B: c\r\n" + Length(Good), Good), 400),
        new("Bare CR hides a length", Post($"X-A: b\rContent-Length: 0\r\n{Length(Good)}", Good), 400),
        new("CR CR LF ends a header", Post("X-A: b\r\r\n" + Length(Good), Good), 400),
        new("Folded with a space", Post("X-A: b\r\n c\r\n" + Length(Good), Good), 400),
        new("Folded with a tab", Post("X-A: b\r\n\tc\r\n" + Length(Good), Good), 400),
        new("First line folded", $"POST {Target} HTTP/1.1\r\n X-A: b\r\n{Credentials}{Length(Good)}\r\n{Good}", 400),
        new("Space before the colon", Post("X-A : b\r\n" + Length(Good), Good), 400),
        new("Tab before the colon", Post("X-A\t: b\r\n" + Length(Good), Good), 400),
        new("Space in the name", Post("X A: b\r\n" + Length(Good), Good), 400),
        new("Name empty", Post(": b\r\n" + Length(Good), Good), 400),
        new("Colon missing", Post("X-A\r\n" + Length(Good), Good), 400),
        new("NUL in a name", Post("X\0A: b\r\n" + Length(Good), Good), 400),
        new("NUL in a value", Post("X-A: b\0c\r\n" + Length(Good), Good), 400),
        new("NUL in a value that is passed on", Post("User-Agent: b\0c\r\n" + Length(Good), Good), 400),
        new("Control character in a value that is passed on", Post("User-Agent: b\u0001c\r\n" + Length(Good), Good), 200, 200),
        new("UTF-8 in a value that is passed on", Post("User-Agent: b\u00c3\u00a9\r\n" + Length(Good), Good), 200, 200),
        new("Tab in a value that is passed on", Post("User-Agent: b\tc\r\n" + Length(Good), Good), 200, 200),
        new("Beyond ASCII in a name", Post("X-\u00e9: b\r\n" + Length(Good), Good), 400),
        new("Beyond ASCII in a value that is passed on", Post("User-Agent: b\u00e9\r\n" + Length(Good), Good), 400),
        new("Parenthesis in a name", Post("X(A): b\r\n" + Length(Good), Good), 200, 200),

        new("Host missing", Ok.Replace("Host: localhost\r\n", "", StringComparison.Ordinal), 400),
        new("Host twice", Post("Host: localhost\r\n" + Length(Good), Good), 400),
        new("Host with a space", WithHost("local host"), 400),
        new("Host with a path", WithHost("localhost/health"), 400),
        new("Host with user information", WithHost("localhost@evil"), 400),
        new("Host with a port that is no number", WithHost("localhost:80x"), 400),
        new("Host as a list", WithHost("localhost, evil"), 400),
        new("Host empty", WithHost(""), 200, 200),
        new("Host of somebody else", WithHost("evil.example:8000"), 200, 200),

        new("Headers of 40 KiB", Post($"X-A: {new string('a', 40_000)}\r\n{Length(Good)}", Good), 431),
        new("Name of 40 KiB", Post($"{new string('a', 40_000)}: b\r\n{Length(Good)}", Good), 431),
        new("Headers without end", Post(string.Concat(Enumerable.Repeat("X-A: b\r\n", 20_000)), ""), 431),
        new("101 headers", Post(Many(97) + Length(Good), Good), 431),
        new("100 headers", Post(Many(96) + Length(Good), Good), 200, 200),
        new("Hop-by-hop names that are none", Post("Connection: Content-Length, Authorization, Host, Content-Type, X-Request-Id\r\n" + Length(Good), Good), 200, 200),
        new("Content-Encoding", Post("Content-Encoding: gzip\r\n" + Length(Good), Good), 415, 200),
        new("Content-Type twice", Post("Content-Type: text/plain\r\n" + Length(Good), Good), 415, 200),
        new("Authorization twice", Post("Authorization: Bearer other\r\n" + Length(Good), Good), 401, 200),
        new("Authorization missing", Ok.Replace($"Authorization: Bearer {AttackedProxy.Key}\r\n", "", StringComparison.Ordinal), 401, 200),
    ];

    private static string WithHost(string host) => Ok.Replace("Host: localhost", "Host: " + host, StringComparison.Ordinal);

    private static string Many(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"X-{number}: 1\r\n")));
}
