namespace VllmSecure.Proxy.Usage;

/// <summary><c>Usage</c>: totals of tokens and requests by day, key and model.</summary>
internal sealed class UsageOptions
{
    public const string Section = "Usage";

    /// <summary>Ten years: further back dates end, and nobody asks.</summary>
    public const int MostDays = 3650;

    /// <summary>A day: timers end after some weeks.</summary>
    public const int MostSaveSeconds = 86_400;

    /// <summary>Days that are kept, 1 to 3650.</summary>
    public int KeepDays { get; set; } = 400;

    /// <summary>Seconds between writes to the data directory, 1 to 86400: what a crash may lose.</summary>
    public int SaveSeconds { get; set; } = 30;
}
