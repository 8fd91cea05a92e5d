using System.Globalization;
using System.Text;

namespace VllmSecure.Simulator.Metrics;

/// <summary>The Prometheus text format 0.0.4, numbers as Python's client writes them.</summary>
internal sealed class PrometheusText(string labels)
{
    private readonly StringBuilder _text = new();

    public static string Escape(string label) =>
        label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    public void Gauge(string name, string help, double value, string extraLabels = "")
    {
        Head(name, help, "gauge");
        Sample(name, extraLabels, value);
    }

    /// <summary>A counter with one sample for each set of further labels; an empty set means none.</summary>
    public void Counter(string name, string help, params IEnumerable<(string ExtraLabels, long Value)> samples)
    {
        Head(name + "_total", help, "counter");
        foreach (var (extraLabels, value) in samples)
        {
            Sample(name + "_total", extraLabels, value);
        }
    }

    public void Histogram(string name, string help, Histogram histogram)
    {
        var (buckets, sum) = histogram.Snapshot();
        Head(name, help, "histogram");
        foreach (var (bound, count) in buckets)
        {
            Sample(name + "_bucket", $",le=\"{Number(bound)}\"", count);
        }

        Sample(name + "_count", string.Empty, buckets[^1].Count);
        Sample(name + "_sum", string.Empty, sum);
    }

    public override string ToString() => _text.ToString();

    private static string Number(double value)
    {
        if (double.IsPositiveInfinity(value))
        {
            return "+Inf";
        }

        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    private void Head(string name, string help, string type) =>
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private void Sample(string name, string extraLabels, double value) =>
        _text.Append(name).Append('{').Append(labels).Append(extraLabels).Append("} ").Append(Number(value)).Append('\n');
}
