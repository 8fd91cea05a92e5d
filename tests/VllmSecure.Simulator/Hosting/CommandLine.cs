using System.Globalization;

namespace VllmSecure.Simulator.Hosting;

/// <summary>
/// Arguments of the stand-alone simulator: its own, and those of <c>vllm serve</c>, of which it understands what it
/// simulates and passes over the rest, so that it can take vLLM's place in a container unchanged.
/// </summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);
    private readonly string? _positionalModel;

    private CommandLine(IReadOnlyList<string> arguments)
    {
        var index = arguments is ["serve", ..] ? 1 : 0;
        if (index < arguments.Count && !IsName(arguments[index]))
        {
            _positionalModel = arguments[index];
        }

        List<string>? current = null;
        foreach (var argument in arguments.Skip(index))
        {
            if (!IsName(argument))
            {
                current?.Add(argument);
                continue;
            }

            var parts = argument.Split('=', 2);
            // vLLM takes --max_num_seqs for --max-num-seqs.
            _values[parts[0].Replace('_', '-')] = current = [.. parts.Skip(1)];
        }
    }

    public static string Help =>
        """
        A simulated vLLM: the HTTP API of `vllm serve` without a model.

        Usage: VllmSecure.Simulator [MODEL] [options]

          --model NAME                             model to serve (default Qwen/Qwen3-0.6B)
          --served-model-name NAME...              names to serve it under
          --urls URL                               where to listen; or --host ADDRESS (default 0.0.0.0) and --port N (default 8000)
          --api-key KEY                            as vLLM's, or VLLM_API_KEY: guards /v1, /v2, /inference, /cohere only
          --seed N                                 same seed and prompt, same text
          --time-to-first-token-ms N               default 0
          --inter-token-latency-ms N               default 0
          --inter-token-latency-deviation-ms N     standard deviation, default 0
          --prefill-per-token-ms N                 for each prompt token that is not cached, default 0
          --load-time-ms N                         connections are refused for so long, default 0
          --keep-alive-ms N                        idle connections are closed after it, default 5000
          --max-num-seqs N                         requests that run at once, default 256
          --max-num-queued-reqs N                  requests that may wait before 503, default unlimited
          --max-model-len N                        context length in tokens, default 32768
          --output-tokens N                        length of a completion that nothing else ends, default 16
          --prefix-cache-blocks N                  KV cache in blocks of 16 tokens, default 8192
          --help                                   this text

        Numbers may have decimals where they are milliseconds. Other arguments of `vllm serve` are accepted and ignored.
        """;

    public bool WantsHelp => _values.ContainsKey("--help") || _values.ContainsKey("-h");

    public static CommandLine Parse(IReadOnlyList<string> arguments) => new(arguments);

    /// <exception cref="FormatException">A known option's value is not what it must be; the message says which.</exception>
    public SimulatorOptions ToOptions(Func<string, string?> environment)
    {
        var defaults = new SimulatorOptions();
        var model = Value("--model") ?? _positionalModel ?? defaults.Models[0];
        return new SimulatorOptions
        {
            Models = _values.GetValueOrDefault("--served-model-name") is [_, ..] names ? [.. names] : [model],
            Urls = Urls(environment),
            ApiKey = Value("--api-key") ?? environment("VLLM_API_KEY"),
            Seed = Int("--seed", 0),
            TimeToFirstToken = Milliseconds("--time-to-first-token-ms", TimeSpan.Zero),
            InterTokenLatency = Milliseconds("--inter-token-latency-ms", TimeSpan.Zero),
            InterTokenLatencyDeviation = Milliseconds("--inter-token-latency-deviation-ms", TimeSpan.Zero),
            PrefillPerToken = Milliseconds("--prefill-per-token-ms", TimeSpan.Zero),
            LoadTime = Milliseconds("--load-time-ms", TimeSpan.Zero),
            KeepAlive = Milliseconds("--keep-alive-ms", KeepAlive(environment) ?? defaults.KeepAlive),
            MaxRunningSequences = Int("--max-num-seqs", defaults.MaxRunningSequences),
            MaxQueuedRequests = Int("--max-num-queued-reqs", defaults.MaxQueuedRequests),
            MaxModelLength = Int("--max-model-len", defaults.MaxModelLength),
            OutputTokens = Int("--output-tokens", defaults.OutputTokens),
            PrefixCacheBlocks = Int("--prefix-cache-blocks", defaults.PrefixCacheBlocks),
            // Nobody asks the journal of a stand-alone simulator; a few requests help a debugger.
            JournalCapacity = 16,
        };
    }

    /// <summary>A dash and then no digit: -1 is a value.</summary>
    private static bool IsName(string argument) => argument.Length > 1 && argument[0] == '-' && !char.IsAsciiDigit(argument[1]);

    private static TimeSpan? KeepAlive(Func<string, string?> environment) =>
        double.TryParse(environment("VLLM_HTTP_TIMEOUT_KEEP_ALIVE"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds) : null;

    private string? Value(string name) => _values.GetValueOrDefault(name) is [var value, ..] ? value : null;

    /// <summary>vLLM listens on all interfaces, port 8000. ASPNETCORE_URLS is how an orchestrator of projects says it.</summary>
    private string Urls(Func<string, string?> environment)
    {
        if (Value("--urls") is { } urls)
        {
            return urls;
        }

        if (Value("--host") is null && Value("--port") is null && environment("ASPNETCORE_URLS") is { Length: > 0 } aspnet)
        {
            return aspnet;
        }

        var host = Value("--host") ?? "0.0.0.0";
        return $"http://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{Int("--port", 8000)}";
    }

    private TimeSpan Milliseconds(string name, TimeSpan fallback) => Value(name) is not { } text ? fallback
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? TimeSpan.FromMilliseconds(number)
            : throw new FormatException($"{name} wants milliseconds, such as 20, not '{text}'.");

    private int Int(string name, int fallback)
    {
        if (Value(name) is not { } text || text is "auto" or "-1")
        {
            return fallback;
        }

        // vLLM takes 4k for 4000 and 4K for 4096.
        var unit = text[^1] switch { 'k' => 1000, 'K' => 1024, _ => 1 };
        return int.TryParse(unit == 1 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue / unit
            ? number * unit
            : throw new FormatException($"{name} wants a whole number, such as 256, not '{text}'.");
    }
}
