namespace VllmSecure.Benchmarks.Compare;

/// <summary>The proxy gets one core, the client and the upstream another: none can take the other's time.</summary>
internal static class Pinning
{
    private const string ProxyCore = "0";
    private const string LoadCore = "1";
    private const string Marker = "VLLM_SECURE_BENCHMARK_PINNED";

    /// <summary>Whether there are two cores and the tool (Linux) to keep processes on them.</summary>
    public static bool IsPossible { get; } =
        IsPinned || (Environment.ProcessorCount > 1 && Executables.Find("taskset") is not null);

    /// <summary>Whether this process runs on the load's core already: a runtime sizes itself at its start, so it cannot move there later.</summary>
    public static bool IsPinned => Environment.GetEnvironmentVariable(Marker) is not null;

    public static IReadOnlyList<string> OnProxyCore(params IReadOnlyList<string> command) => IsPossible ? ["taskset", "-c", ProxyCore, .. command] : command;

    public static IReadOnlyList<string> OnLoadCore(params IReadOnlyList<string> command) => IsPossible ? ["taskset", "-c", LoadCore, .. command] : command;

    /// <summary>Runs this program with the same arguments on the load's core.</summary>
    public static async Task<int> RunSelfAsync(string[] args)
    {
        using var self = ChildProcess.Start(OnLoadCore([Executables.Self, .. args]), log: null, new() { [Marker] = "1" });
        return await self.WaitAsync();
    }
}
