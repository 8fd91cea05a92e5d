using System.Buffers.Text;

namespace VllmSecure.Proxy.Routing.Health;

/// <summary>Reads three gauges and a counter out of vLLM's Prometheus text and passes over the rest.</summary>
internal static class EngineMetricsText
{
    /// <summary>The gauges; null where the text has none of them.</summary>
    public static EngineGauges? Parse(ReadOnlySpan<byte> text, long readAt)
    {
        double running = 0, waiting = 0, usage = 0, generated = 0;
        var found = false;
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (TryRead(line, "vllm:num_requests_running"u8, out var value))
            {
                running += value;
            }
            else if (TryRead(line, "vllm:num_requests_waiting"u8, out value))
            {
                waiting += value;
            }
            else if (TryRead(line, "vllm:kv_cache_usage_perc"u8, out value))
            {
                usage = Math.Max(usage, value);
            }
            else if (TryRead(line, "vllm:generation_tokens_total"u8, out value))
            {
                generated += value;
                continue;
            }
            else
            {
                continue;
            }

            found = true;
        }

        return found ? new EngineGauges(running, waiting, Math.Clamp(usage, 0, 1), readAt) { GeneratedTokens = generated } : null;
    }

    private static bool TryRead(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out double value)
    {
        value = 0;
        if (!line.StartsWith(name))
        {
            return false;
        }

        // Labels may hold any text; the value stands behind the last brace, and no other metric's name may begin alike.
        var rest = line[name.Length..];
        if (rest.StartsWith((byte)'{'))
        {
            rest = rest[(rest.LastIndexOf((byte)'}') + 1)..];
        }

        return rest.StartsWith((byte)' ')
            && Utf8Parser.TryParse(rest.TrimStart((byte)' '), out value, out _)
            && double.IsFinite(value) && value >= 0;
    }
}
