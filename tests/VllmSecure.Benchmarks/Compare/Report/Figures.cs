namespace VllmSecure.Benchmarks.Compare.Report;

/// <summary>Every figure, in the order of the table.</summary>
internal static class Figures
{
    public static Figure P50 { get; } = new("small JSON, c=1: p50, µs", "p50Microseconds");

    public static Figure P99 { get; } = new("small JSON, c=1: p99, µs", "p99Microseconds");

    public static Figure SequentialCpu { get; } = new("small JSON, c=1: CPU a request, µs", "cpuMicrosecondsPerSequentialRequest");

    public static Figure RequestsPerSecond { get; } = new("c=32: requests/s", "requestsPerSecond");

    public static Figure Cpu { get; } = new("c=32: CPU a request, µs", "cpuMicrosecondsPerRequest", 1);

    public static Figure WarmP50 { get; } = new("c=32: p50, µs", "saturatedP50Microseconds");

    public static Figure Rate30P50 { get; } = new("30 % of its maximum: p50, µs", "rate30P50Microseconds");

    public static Figure Rate30P99 { get; } = new("30 % of its maximum: p99, µs", "rate30P99Microseconds");

    public static Figure Rate50P50 { get; } = new("50 % of its maximum: p50, µs", "rate50P50Microseconds");

    public static Figure Rate50P99 { get; } = new("50 % of its maximum: p99, µs", "rate50P99Microseconds");

    public static Figure Rate70P50 { get; } = new("70 % of its maximum: p50, µs", "rate70P50Microseconds");

    public static Figure Rate70P99 { get; } = new("70 % of its maximum: p99, µs", "rate70P99Microseconds");

    public static Figure ChunkP50 { get; } = new("50 streams: delay of a chunk, p50, µs", "chunkP50Microseconds");

    public static Figure ChunkP99 { get; } = new("50 streams: delay of a chunk, p99, µs", "chunkP99Microseconds");

    public static Figure Merged { get; } = new("50 streams: chunks merged, %", "chunksMergedPercent", 2);

    public static Figure ChunkCpu { get; } = new("50 streams: CPU for 1,000 chunks, ms", "cpuMillisecondsPerThousandChunks", 1);

    public static Figure FirstToken { get; } = new("first token, warm connection, p50, µs", "firstTokenMicroseconds");

    public static Figure FullHandshake { get; } = new("full handshake: CPU, µs", "fullHandshakeCpuMicroseconds");

    public static Figure ResumedHandshake { get; } = new("resumed handshake: CPU, µs", "resumedHandshakeCpuMicroseconds");

    public static Figure StreamMemory { get; } = new("an idle stream: memory, KiB", "kibPerStream", 1);

    public static Figure LargeRequest { get; } = new("10 MB request, ms", "largeRequestMilliseconds", 1);

    public static Figure LargeAnswer { get; } = new("5 MB answer, ms", "largeAnswerMilliseconds", 1);

    public static Figure LargeFrame { get; } = new("one 256 KB event, ms", "largeEventMilliseconds", 1);

    public static Figure StartToAnswer { get; } = new("start to first answer, ms", "startToAnswerMilliseconds");

    public static Figure FirstRequest { get; } = new("first request, ms", "firstRequestMilliseconds", 1);

    public static Figure ColdP50 { get; } = new("c=32, 2 s after the start: p50, µs", "coldP50Microseconds");

    public static Figure IdleRequests { get; } = new("requests after 5–6 s of silence", "idleRequests");

    public static Figure Failures { get; } = new("of these failed", "failures");

    /// <summary>The figures of a fixed rate, by its share of the maximum.</summary>
    public static (Figure P50, Figure P99) OfRate(double share) => share switch
    {
        0.3 => (Rate30P50, Rate30P99),
        0.5 => (Rate50P50, Rate50P99),
        0.7 => (Rate70P50, Rate70P99),
        _ => throw new ArgumentOutOfRangeException(nameof(share)),
    };

    public static IReadOnlyList<Figure> All { get; } =
    [
        P50, P99, SequentialCpu, RequestsPerSecond, Cpu, WarmP50, Rate30P50, Rate30P99, Rate50P50, Rate50P99, Rate70P50, Rate70P99,
        ChunkP50, ChunkP99, Merged, ChunkCpu, FirstToken, FullHandshake, ResumedHandshake, StreamMemory,
        LargeRequest, LargeAnswer, LargeFrame, StartToAnswer, FirstRequest, ColdP50, IdleRequests, Failures,
    ];
}
