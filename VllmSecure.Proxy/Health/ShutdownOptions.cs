namespace VllmSecure.Proxy.Health;

/// <summary><c>Shutdown</c>: how the proxy goes down.</summary>
internal sealed class ShutdownOptions
{
    public const string Section = "Shutdown";

    /// <summary>A day; timers cannot wait for more than 49.</summary>
    public const int MaxDrainSeconds = 24 * 60 * 60;

    /// <summary>Seconds that running requests get to finish after SIGTERM, before they are cut.</summary>
    public int DrainSeconds { get; set; } = 30;
}
