namespace VllmSecure.Benchmarks.Compare;

/// <summary>What every proxy is told of its connections to the upstream.</summary>
internal static class UpstreamPool
{
    /// <summary>Idle ones are closed before the upstream does so after 5 s.</summary>
    public static TimeSpan IdleTime { get; } = TimeSpan.FromSeconds(3);

    /// <summary>Idle ones that are kept, where a number has to be said: more than are ever needed at once.</summary>
    public const int Size = 1024;
}
