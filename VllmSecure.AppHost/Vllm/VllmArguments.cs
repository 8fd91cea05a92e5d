using System.Globalization;

namespace VllmSecure.AppHost.Vllm;

/// <summary>Builds the arguments of <c>vllm serve</c>. An argument is a string, or something that Aspire resolves later.</summary>
internal static class VllmArguments
{
    /// <summary>The arguments of a real engine.</summary>
    /// <param name="settings">How it is started.</param>
    /// <param name="host">The address it binds; vLLM's own default is every interface.</param>
    /// <param name="port">The port it binds.</param>
    /// <param name="otlpEndpoint">Where its spans go, or null.</param>
    public static IReadOnlyList<object> ForEngine(VllmSettings settings, string host, object port, object? otlpEndpoint)
    {
        List<object> arguments = [.. ForSimulator(settings), "--host", host, "--port", port];
        if (settings.MaxModelLength is { } length)
        {
            arguments.AddRange(["--max-model-len", Text(length)]);
        }

        if (settings.TensorParallelism > 1)
        {
            arguments.AddRange(["--tensor-parallel-size", Text(settings.TensorParallelism)]);
        }

        arguments.AddRange(["--shutdown-timeout", Seconds(settings.Timings.EngineShutdown)]);

        // Nobody reads these pages through the proxy, and they say what the server can do.
        arguments.Add("--disable-fastapi-docs");

        // Probes arrive every few seconds and would bury the requests.
        arguments.AddRange(["--disable-access-log-for-endpoints", "/health,/metrics,/ping"]);
        if (otlpEndpoint is not null)
        {
            arguments.AddRange(["--otlp-traces-endpoint", otlpEndpoint]);
        }

        arguments.AddRange(settings.EngineArguments);
        return arguments;
    }

    /// <summary>The arguments that the simulated vLLM shares with the real one; its address comes by environment.</summary>
    public static IReadOnlyList<object> ForSimulator(VllmSettings settings)
    {
        List<object> arguments = ["--model", settings.Model];
        if (settings.ServedModelName is { } name)
        {
            arguments.AddRange(["--served-model-name", name]);
        }

        return arguments;
    }

    /// <summary>A time as vLLM takes it: whole seconds.</summary>
    public static string Seconds(TimeSpan time) => Text((int)time.TotalSeconds);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
