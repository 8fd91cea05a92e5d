namespace VllmSecure.Proxy.Health;

internal sealed partial class DrainService
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Shutting down: {Count} requests get up to {Seconds} s to finish; new ones get 503", EventName = "Draining")]
        public static partial void Draining(ILogger logger, int count, int seconds);

        [LoggerMessage(2, LogLevel.Information, "All requests have finished", EventName = "Drained")]
        public static partial void Drained(ILogger logger);

        [LoggerMessage(3, LogLevel.Warning, "{Count} requests are cut: they did not finish within {Seconds} s (Shutdown:DrainSeconds)", EventName = "DrainCut")]
        public static partial void Cut(ILogger logger, int count, int seconds);
    }
}
