using System.Buffers;
using System.Globalization;
using System.Text;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Inspection;
using VllmSecure.Proxy.RequestPolicy;

namespace VllmSecure.Benchmarks.Inspection;

/// <summary>
/// What reading costs: 1 MB request bodies through the scan and the policy, and a chunk of a stream through the tap. The best
/// of many runs, since anything else measures what the machine does beside it; and the bytes allocated.
/// </summary>
internal static class InspectionBenchmark
{
    private const int Runs = 300;
    private const int Chunks = 1_000_000;
    private const int SegmentBytes = 64 * 1024;

    public static Task<int> RunAsync(TextWriter output)
    {
        foreach (var (name, json) in Bodies())
        {
            var body = Split(Encoding.UTF8.GetBytes(json));
            var (scan, allocated) = Measure(Runs, () => RequestScanner.Scan(body, new InspectionOptions()));
            var (policy, _) = Measure(Runs, () => PolicyReader.Check(body, new RequestPolicyOptions()));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-16} {body.Length / 1e6:F2} MB: scan {scan.TotalMilliseconds:F2} ms, {allocated} B allocated; policy {policy.TotalMilliseconds:F2} ms"));
        }

        MeasureTap(output);
        return Task.FromResult(0);
    }

    private static void MeasureTap(TextWriter output)
    {
        ReadOnlyMemory<byte> chunk = Encoding.UTF8.GetBytes(
            """data: {"id":"chatcmpl-0123456789abcdef","object":"chat.completion.chunk","created":1700000000,"model":"Qwen/Qwen3-0.6B","choices":[{"index":0,"delta":{"content":" token"},"logprobs":null,"finish_reason":null}]}""" + "\n\n");
        var filter = new EventFilter(new AnswerReader(), hideUsage: true);
        var (time, allocated) = Measure(5, () =>
        {
            for (var i = 0; i < Chunks; i++)
            {
                filter.Filter(chunk);
            }
        });
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"tap              {chunk.Length} B: {time.TotalNanoseconds / Chunks:F0} ns a chunk, {allocated} B allocated in {Chunks} chunks"));
    }

    private static IEnumerable<(string Name, string Json)> Bodies()
    {
        const string Words = "some words \\n and \\\"quotes\\\" here, as people write them. ";
        var content = string.Concat(Enumerable.Repeat(Words, 18));
        var messages = string.Join(',', Enumerable.Repeat($$"""{"role":"user","content":"{{content}}"}""", 1000));
        yield return ("chat", $$"""{"model":"m","stream":true,"messages":[{{messages}}]}""");
        yield return ("image", $$$"""{"messages":[{"content":[{"image_url":{"url":"data:image/png;base64,{{{new string('A', 1_000_000)}}}"}}]}]}""");
        yield return ("token ids", $$"""{"prompt":[{{string.Join(',', Enumerable.Range(0, 160_000))}}]}""");
    }

    private static ReadOnlySequence<byte> Split(byte[] bytes)
    {
        BodySegment? first = null;
        BodySegment? last = null;
        for (var start = 0; start < bytes.Length; start += SegmentBytes)
        {
            last = new BodySegment(bytes.AsMemory(start, Math.Min(SegmentBytes, bytes.Length - start)), last);
            first ??= last;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private static (TimeSpan Best, long Allocated) Measure(int runs, Action action)
    {
        var clock = TimeProvider.System;
        var best = TimeSpan.MaxValue;
        var allocated = long.MaxValue;
        for (var i = 0; i < runs; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = clock.GetTimestamp();
            action();
            best = TimeSpan.FromTicks(Math.Min(best.Ticks, clock.GetElapsedTime(start).Ticks));
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (best, allocated);
    }
}
