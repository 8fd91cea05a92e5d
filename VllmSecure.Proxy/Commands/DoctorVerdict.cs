namespace VllmSecure.Proxy.Commands;

/// <summary>How a check of <c>doctor</c> came out.</summary>
internal enum DoctorVerdict
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, and is worth a look.</summary>
    Warning,

    /// <summary>Does not work; the exit code says so.</summary>
    Failed,

    /// <summary>Could not be checked, or need not be.</summary>
    Skipped,
}
