namespace VllmSecure.Proxy.AccessLog;

/// <summary><c>AccessLog</c>: one JSON line for each request that is over.</summary>
internal sealed class AccessLogOptions
{
    public const string Section = "AccessLog";

    /// <summary>Ten years: further back dates end, and no file is wanted for so long.</summary>
    public const int MostFileAgeHours = 10 * 365 * 24;

    /// <summary>Write to standard output.</summary>
    public bool StandardOutput { get; set; } = true;

    /// <summary>Write (also) to this file; null: to none.</summary>
    public string? File { get; set; }

    /// <summary>Bytes at which the file is rotated.</summary>
    public long MaxFileBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Hours after which the file is rotated, if it has a line, 1 to 87600.</summary>
    public int MaxFileAgeHours { get; set; } = 24;

    /// <summary>Rotated, compressed files to keep; the oldest goes first.</summary>
    public int KeepFiles { get; set; } = 14;

    /// <summary>Lines that may wait for a slow sink. Beyond, lines are dropped and counted; a request never waits.</summary>
    public int QueueLength { get; set; } = 10_000;

    /// <summary>Switches fields off (or on) by name, for example <c>AccessLog:Fields:client_address=false</c>; all are on.</summary>
    public Dictionary<string, bool> Fields { get; } = [];
}
