namespace VllmSecure.Proxy.Usage;

/// <summary><c>Usage</c>: totals of tokens and requests by day, key and model.</summary>
internal sealed class UsageOptions
{
    public const string Section = "Usage";

    /// <summary>Days that are kept.</summary>
    public int KeepDays { get; set; } = 400;

    /// <summary>Seconds between writes to the data directory: what a crash may lose.</summary>
    public int SaveSeconds { get; set; } = 30;
}
