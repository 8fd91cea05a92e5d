namespace VllmSecure.Benchmarks.Compare.Load;

/// <summary>What a load has brought.</summary>
/// <param name="Latencies">Microseconds of each answered request.</param>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="Failures">Requests without their answer.</param>
internal sealed record LoadResult(IReadOnlyList<double> Latencies, TimeSpan Elapsed, int Failures)
{
    public double PerSecond => Latencies.Count / Elapsed.TotalSeconds;
}
