namespace VllmSecure.Benchmarks.Compare.Report;

/// <summary>Quantiles by linear interpolation between the two nearest values.</summary>
internal static class Quantiles
{
    public static double Of(IEnumerable<double> values, double quantile)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        var position = quantile * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (position - below));
    }

    public static double Median(IEnumerable<double> values) => Of(values, 0.5);
}
