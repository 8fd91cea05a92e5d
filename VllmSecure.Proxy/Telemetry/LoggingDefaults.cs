using Microsoft.Extensions.Configuration.Memory;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>
/// What the process logs unless configuration says otherwise. They are configuration of the lowest rank, so that
/// <c>Logging:*</c> from any source wins in the usual way.
/// </summary>
internal static class LoggingDefaults
{
    private static readonly KeyValuePair<string, string?>[] Settings =
    [
        new("Logging:LogLevel:Default", "Information"),
        new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"),
        new("Logging:LogLevel:System.Net.Http", "Warning"),

        // YARP logs every forward at Information; the access log has the same in one line.
        new("Logging:LogLevel:Yarp.ReverseProxy", "Warning"),

        // Whoever asks for the health gets the reasons; asked every few seconds, they would fill the log.
        new("Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks", "None"),

        // Where nobody reads standard output any more, the log loses lines, and says how many; by default its callers, requests too, would wait for ever.
        new("Logging:Console:QueueFullMode", "DropWrite"),
        new("Logging:Console:FormatterName", "simple"),
        new("Logging:Console:FormatterOptions:SingleLine", "true"),
        new("Logging:Console:FormatterOptions:IncludeScopes", "false"),
        new("Logging:Console:FormatterOptions:UseUtcTimestamp", "true"),
        new("Logging:Console:FormatterOptions:TimestampFormat", "yyyy-MM-ddTHH:mm:ss.fffZ "),
    ];

    public static void AddTo(IConfigurationBuilder configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Settings });
}
