using static VllmSecure.EndToEndTests.Attacks.Http1.Requests;

namespace VllmSecure.EndToEndTests.Attacks.Http1;

/// <summary>Where a body ends (RFC 9112 section 6): two lengths, or one that can be read in two ways.</summary>
internal static class LengthCases
{
    private static readonly int Count = Good.Length;

    public static IEnumerable<Http1Case> All { get; } =
    [
        // Both: the length must not count (section 6.3), and the connection must not live on (section 6.1). Hence no second answer.
        new("CL.TE, the body ends in a smuggled request", Post($"Content-Length: {5 + Smuggled.Length}\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + Smuggled), 400),
        new("CL.TE, short length", Post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", Chunked(Good)), 200),
        new("TE.CL, the chunk holds a smuggled request", Post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", Chunked(Smuggled)), 400),
        new("TE.CL, length 0", Post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", Chunked(Good)), 200),

        new("TE identity only", Post("Transfer-Encoding: identity\r\n", Good), 400),
        new("TE identity beside a length", Post("Transfer-Encoding: identity\r\n" + Length(Good), Good), 400),
        new("TE.TE unknown coding", Post("Transfer-Encoding: xchunked\r\n" + Length(Good), Good), 400),
        new("TE.TE chunked not last", Post("Transfer-Encoding: chunked, identity\r\n", Chunked(Good)), 400),
        new("TE.TE compressed first", Post("Transfer-Encoding: gzip, chunked\r\n", Chunked(Good)), 400),
        new("TE.TE chunked twice", Post("Transfer-Encoding: chunked, chunked\r\n", Chunked(Good)), 400),
        new("TE.TE two headers, the second unknown", Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", Chunked(Good)), 400),
        new("TE.TE two headers, the first unknown", Post("Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n", Chunked(Good)), 400),
        new("TE.TE quoted", Post("Transfer-Encoding: \"chunked\"\r\n" + Length(Good), Good), 400),
        new("TE.TE with parameter", Post("Transfer-Encoding: chunked;q=1\r\n" + Length(Good), Good), 400),
        new("TE.TE vertical tab before the value", Post("Transfer-Encoding: \u000bchunked\r\n" + Length(Good), Good), 400),
        new("TE.TE vertical tab behind the value", Post("Transfer-Encoding: chunked\u000b\r\n" + Length(Good), Good), 400),
        new("TE.TE no-break space behind the value", Post("Transfer-Encoding: chunked\u00a0\r\n" + Length(Good), Good), 400),
        new("TE.TE empty", Post("Transfer-Encoding: \r\n" + Length(Good), Good), 400),
        new("TE.TE folded", Post("Transfer-Encoding:\r\n chunked\r\n" + Length(Good), Good), 400),
        new("TE.TE hidden in a folded line", Post("X-A: b\r\n Transfer-Encoding: chunked\r\n" + Length(Good), Good), 400),
        new("TE.TE space before the colon", Post("Transfer-Encoding : chunked\r\n" + Length(Good), Good), 400),
        new("TE.TE NUL in the name", Post("Transfer-Encoding\0: chunked\r\n" + Length(Good), Good), 400),
        new("TE.TE tab before the value", Post("Transfer-Encoding:\tchunked\r\n", Chunked(Good)), 200, 200),
        new("TE.TE upper case", Post("TRANSFER-ENCODING: CHUNKED\r\n", Chunked(Good)), 200, 200),
        new("TE.TE underscore is another header", Post("Transfer_Encoding: chunked\r\n" + Length(Good), Good), 200, 200),

        new("Length twice, differing", Post($"Content-Length: {Count}\r\nContent-Length: {Count + 10}\r\n", Good), 400),
        new("Length twice, the same", Post(Length(Good) + Length(Good), Good), 400),
        new("Length as a list", Post($"Content-Length: {Count}, {Count}\r\n", Good), 400),
        // Kestrel reads the sign; what goes on is the number, without it.
        new("Length signed", Post($"Content-Length: +{Count}\r\n", Good), 200, 200),
        new("Length negative", Post("Content-Length: -1\r\n", Good), 400),
        new("Length hexadecimal", Post($"Content-Length: 0x{Count:x}\r\n", Good), 400),
        new("Length with exponent", Post("Content-Length: 7e1\r\n", Good), 400),
        new("Length with a digit separator", Post("Content-Length: 6_8\r\n", Good), 400),
        new("Length with space inside", Post("Content-Length: 6 8\r\n", Good), 400),
        new("Length with text behind", Post($"Content-Length: {Count}x\r\n", Good), 400),
        new("Length with vertical tab", Post($"Content-Length: \u000b{Count}\r\n", Good), 400),
        new("Length empty", Post("Content-Length: \r\n", Good), 400),
        new("Length beyond 64 bits", Post("Content-Length: 18446744073709551684\r\n", Good), 400),
        new("Length with space before the colon", Post($"Content-Length : {Count}\r\n", Good), 400),
        new("Length with leading zeros", Post($"Content-Length: 000{Count}\r\n", Good), 200, 200),
        new("Length with spaces around", Post($"Content-Length:   {Count} \t\r\n", Good), 200, 200),
        new("Length missing", Post("", Good), 400, 400),
        new("Length under another name", Post($"Content_Length: {Count}\r\n", Good), 400, 400),
        new("Length too short cuts a request off", Post($"Content-Length: {Count - 1}\r\n", Good), 400, 400),
        new("Length that takes the probe in", Post($"Content-Length: {Count + Probe.Length}\r\nConnection: close\r\n", Good), 400),
    ];
}
