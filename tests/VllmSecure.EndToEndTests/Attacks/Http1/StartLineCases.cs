using static VllmSecure.EndToEndTests.Attacks.Http1.Requests;

namespace VllmSecure.EndToEndTests.Attacks.Http1;

/// <summary>Request lines (RFC 9112 section 3): methods, the forms of a target, versions.</summary>
internal static class StartLineCases
{
    private const string Line = $"POST {Target} HTTP/1.1";

    public static IEnumerable<Http1Case> All { get; } =
    [
        new("Empty lines in front", "\r\n\r\n" + Ok, 200, 200),
        new("Bare LF in front", "\n" + Ok, 200, 200),
        new("Space in front", " " + Ok, 400),
        new("Two spaces behind the method", With($"POST  {Target} HTTP/1.1"), 400),
        new("Tab behind the method", With($"POST\t{Target} HTTP/1.1"), 400),
        new("Two spaces before the version", With($"POST {Target}  HTTP/1.1"), 200, 200),
        new("Space behind the version", With(Line + " "), 400),
        new("Text behind the version", With(Line + " x"), 400),
        new("Space in the target", With($"POST {Target} x HTTP/1.1"), 400),
        new("NUL in the target", With($"POST {Target}\0 HTTP/1.1"), 400),
        new("CR in the target", With($"POST {Target}\r HTTP/1.1"), 404),
        new("Beyond ASCII in the target", With($"POST {Target}\u00e9 HTTP/1.1"), 400),
        new("Target empty", With("POST  HTTP/1.1"), 400),
        new("Target of 40 KiB", With($"POST /{new string('a', 40_000)} HTTP/1.1"), 414),
        new("Method in lower case", With($"post {Target} HTTP/1.1"), 405),
        new("Method of 10 KiB", With($"{new string('P', 10_000)} {Target} HTTP/1.1"), 414),
        new("Method with a separator", With($"PO/ST {Target} HTTP/1.1"), 400),
        new("TRACE", With($"TRACE {Target} HTTP/1.1"), 405),
        new("CONNECT to an authority", "CONNECT vllm:8000 HTTP/1.1\r\nHost: vllm:8000\r\n\r\n", 404, 200),
        new("OPTIONS for the whole server", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 404, 200),

        new("Absolute-form of this server", With($"POST https://localhost{Target} HTTP/1.1"), 200, 200),
        new("Absolute-form over the wrong scheme", With($"POST http://localhost{Target} HTTP/1.1"), 200, 200),
        new("Absolute-form of another authority", With($"POST https://evil.example{Target} HTTP/1.1"), 400),
        new("Absolute-form with user information", With($"POST https://user@localhost{Target} HTTP/1.1"), 200, 200),
        new("Absolute-form of an administration endpoint", With("POST https://localhost/v1/load_lora_adapter HTTP/1.1"), 404),
        new("Absolute-form without a path", With("POST https://localhost HTTP/1.1"), 404),
        new("Absolute-form of another protocol", With($"POST ftp://localhost{Target} HTTP/1.1"), 400),
        new("Authority-form for a POST", With("POST localhost:443 HTTP/1.1"), 405),
        new("Path with two slashes, an authority to some", With($"POST //evil.example{Target} HTTP/1.1"), 404),
        new("Fragment", With($"POST {Target}#x HTTP/1.1"), 200, 200),
        new("Query", With($"POST {Target}?key=secret HTTP/1.1"), 200, 200),
        new("Encoded line break in the query", With($"POST {Target}?a=%0d%0aX-A:%20b HTTP/1.1"), 200, 200),

        new("HTTP/0.9", $"GET {Target}\r\n", 400),
        new("HTTP/1.0 closes", Ok.Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal), 200),
        new("HTTP/1.0 that keeps alive", Post("Connection: keep-alive\r\n" + Length(Good), Good).Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal), 200, 200),
        new("HTTP/1.0 without a Host", Ok.Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal).Replace("Host: localhost\r\n", "", StringComparison.Ordinal), 200),
        new("HTTP/1.2", With($"POST {Target} HTTP/1.2"), 505),
        new("HTTP/2.0 in words", With($"POST {Target} HTTP/2.0"), 505),
        new("HTTP/1.1 in lower case", With($"POST {Target} http/1.1"), 505),
        new("HTTP/1.1 with leading zero", With($"POST {Target} HTTP/01.1"), 400),
        new("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        new("No HTTP at all", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n", 400),
    ];

    private static string With(string line) => Ok.Replace(Line, line, StringComparison.Ordinal);
}
