namespace VllmSecure.Simulator.Metrics;

/// <summary>A Prometheus histogram in seconds.</summary>
internal sealed class Histogram(double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public void Observe(TimeSpan value)
    {
        var seconds = value.TotalSeconds;
        var bucket = Array.FindIndex(bounds, bound => seconds <= bound);
        lock (_gate)
        {
            _counts[bucket < 0 ? bounds.Length : bucket]++;
            _sum += seconds;
        }
    }

    /// <summary>Cumulative counts by upper bound, +Inf last.</summary>
    public (IReadOnlyList<(double Bound, long Count)> Buckets, double Sum) Snapshot()
    {
        lock (_gate)
        {
            var cumulative = 0L;
            var buckets = new List<(double, long)>(_counts.Length);
            for (var index = 0; index < _counts.Length; index++)
            {
                cumulative += _counts[index];
                buckets.Add((index < bounds.Length ? bounds[index] : double.PositiveInfinity, cumulative));
            }

            return (buckets, _sum);
        }
    }
}
