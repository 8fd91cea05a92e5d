namespace VllmSecure.Proxy.Quotas;

internal sealed partial class DayUsageKeeper
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The tokens used today cannot be read from {File} ({Reason}): the day's budgets begin anew", EventName = "DayUsageNotLoaded")]
        public static partial void NotLoaded(ILogger logger, string file, string reason);

        [LoggerMessage(2, LogLevel.Warning, "The tokens used today cannot be written to {File}: {Reason}", EventName = "DayUsageNotSaved")]
        public static partial void NotSaved(ILogger logger, string file, string reason);
    }
}
