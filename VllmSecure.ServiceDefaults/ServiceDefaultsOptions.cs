namespace VllmSecure.ServiceDefaults;

/// <summary>What a service adds to the shared defaults: its own telemetry.</summary>
public sealed class ServiceDefaultsOptions
{
    /// <summary>Names of the service's own meters.</summary>
    public IReadOnlyList<string> Meters { get; set; } = [];

    /// <summary>Names of instruments, of ASP.NET Core or HttpClient, that nobody is to pay for: they are not even switched on.</summary>
    public IReadOnlyList<string> IgnoredInstruments { get; set; } = [];

    /// <summary>Names of the service's own activity sources, and of libraries that have some.</summary>
    public IReadOnlyList<string> Sources { get; set; } = [];
}
