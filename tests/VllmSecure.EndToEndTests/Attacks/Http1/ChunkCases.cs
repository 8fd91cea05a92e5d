using static VllmSecure.EndToEndTests.Attacks.Http1.Requests;

namespace VllmSecure.EndToEndTests.Attacks.Http1;

/// <summary>The chunked coding (RFC 9112 section 7.1), where parsers differ the most.</summary>
internal static class ChunkCases
{
    private static readonly string Size = Good.Length.ToString("x", System.Globalization.CultureInfo.InvariantCulture);

    public static IEnumerable<Http1Case> All { get; } =
    [
        new("Chunks in order", PostChunks(Chunked(Good)), 200, 200),
        new("Chunk of one byte each", PostChunks(string.Concat(Good.Select(letter => $"1\r\n{letter}\r\n")) + "0\r\n\r\n"), 200, 200),
        new("Chunk size in upper case", PostChunks($"{Size.ToUpperInvariant()}\r\n{Good}\r\n0\r\n\r\n"), 200, 200),
        new("Chunk size with leading zeros", PostChunks($"0000{Size}\r\n{Good}\r\n0\r\n\r\n"), 200, 200),
        new("Chunk extension", PostChunks($"{Size};name=value\r\n{Good}\r\n0;last=\"1\"\r\n\r\n"), 200, 200),
        new("Chunk extension of 4 KiB", PostChunks($"{Size};a={new string('a', 4096)}\r\n{Good}\r\n0\r\n\r\n"), 200, 200),
        new("Chunk extension with bare LF", PostChunks($"{Size};a\n{Good}\r\n0\r\n\r\n"), 400),
        new("Chunk extension ends in LF, smuggled behind", PostChunks($"0;\nxx\r\n{Smuggled}"), 400),
        new("Chunk extension with bare CR", PostChunks($"{Size};a\rb\r\n{Good}\r\n0\r\n\r\n"), 400),
        new("Chunk size, then bare LF", PostChunks($"{Size}\n{Good}\r\n0\r\n\r\n"), 400),
        new("Chunk size, then bare CR", PostChunks($"{Size}\r{Good}\r\n0\r\n\r\n"), 400),
        new("Chunk data, then bare LF", PostChunks($"{Size}\r\n{Good}\n0\r\n\r\n"), 400),
        new("Chunk data, then nothing", PostChunks($"{Size}\r\n{Good}0\r\n\r\n"), 400),
        new("Chunk data, then two other bytes", PostChunks($"{Size}\r\n{Good}xx0\r\n\r\n"), 400),
        new("Chunk size beyond 32 bits", PostChunks($"100000000{Size}\r\n{Good}\r\n0\r\n\r\n"), 400),
        new("Chunk size beyond 64 bits", PostChunks($"10000000000000000{Size}\r\n{Good}\r\n0\r\n\r\n"), 400),
        // A promise costs nothing: the connection waits for the rest, and no longer than the minimum rate allows.
        new("Chunk size of 2 GiB", PostChunks($"7fffffff\r\n{Good}\r\n0\r\n\r\n"), 408),
        new("Chunk size negative", PostChunks($"-{Size}\r\n{Good}\r\n0\r\n\r\n"), 400),
        new("Chunk size signed", PostChunks($"+{Size}\r\n{Good}\r\n0\r\n\r\n"), 400),
        new("Chunk size with 0x", PostChunks($"0x{Size}\r\n{Good}\r\n0\r\n\r\n"), 400),
        new("Chunk size with a digit separator", PostChunks($"4_4\r\n{Good}\r\n0\r\n\r\n"), 400),
        new("Chunk size after a space", PostChunks($" {Size}\r\n{Good}\r\n0\r\n\r\n"), 400),
        new("Chunk size empty", PostChunks($"\r\n{Good}\r\n0\r\n\r\n"), 400),
        new("Chunk size not hexadecimal", PostChunks($"g\r\n{Good}\r\n0\r\n\r\n"), 400),
        new("Chunk size with NUL", PostChunks($"{Size}\0\r\n{Good}\r\n0\r\n\r\n"), 400),
        new("Last chunk, then smuggled", PostChunks($"{Size}\r\n{Good}\r\n0\r\n\r\n{Smuggled}"), 200, 404, 200),
        new("Trailer", PostChunks($"{Size}\r\n{Good}\r\n0\r\nX-Trailer: 1\r\n\r\n"), 200, 200),
        new("Trailers that would matter", PostChunks($"{Size}\r\n{Good}\r\n0\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: evil\r\n\r\n"), 200, 200),
        new("Trailer without colon", PostChunks($"{Size}\r\n{Good}\r\n0\r\nnonsense\r\n\r\n"), 400),
        new("Trailer with bare LF", PostChunks($"{Size}\r\n{Good}\r\n0\r\nX: y\n\r\n"), 400),
        new("Trailers of 40 KiB", PostChunks($"{Size}\r\n{Good}\r\n0\r\nX: {new string('a', 40_000)}\r\n\r\n"), 431),
        new("Chunked under HTTP/1.0", PostChunks(Chunked(Good)).Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal), 200),
    ];
}
