using System.Globalization;

namespace VllmSecure.AppHost.Vllm;

/// <summary>How busy a vLLM is, as its <c>/metrics</c> say.</summary>
/// <param name="Running">Requests that are being answered.</param>
/// <param name="Waiting">Requests that wait for a place.</param>
/// <param name="KvCacheUsage">The fullest KV cache of its engines, 0 to 1.</param>
internal sealed record EngineLoad(double Running, double Waiting, double KvCacheUsage)
{
    /// <summary>Reads the Prometheus text format; what is not there counts as 0.</summary>
    public static EngineLoad Parse(string metrics) => new(
        Values(metrics, "vllm:num_requests_running").Sum(),
        Values(metrics, "vllm:num_requests_waiting").Sum(),
        Values(metrics, "vllm:kv_cache_usage_perc").DefaultIfEmpty().Max());

    /// <summary>One line for the dashboard.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Running:0} running, {Waiting:0} waiting, KV cache {KvCacheUsage:P0} full");

    private static IEnumerable<double> Values(string metrics, string name)
    {
        foreach (var line in metrics.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // A name ends at its labels or at its value; a longer name that begins the same is another metric.
            if (line.StartsWith(name, StringComparison.Ordinal)
                && line.Length > name.Length
                && line[name.Length] is '{' or ' '
                && double.TryParse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture, out var value))
            {
                yield return value;
            }
        }
    }
}
