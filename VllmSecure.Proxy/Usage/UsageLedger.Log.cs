namespace VllmSecure.Proxy.Usage;

internal sealed partial class UsageLedger
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The saved usage totals are damaged and were set aside; counting starts at zero", EventName = "UsageDamaged")]
        public static partial void Damaged(ILogger logger);

        [LoggerMessage(2, LogLevel.Warning, "The usage totals could not be saved: {Reason} They are kept in memory and saved with the next.", EventName = "UsageNotSaved")]
        public static partial void NotSaved(ILogger logger, string reason);
    }
}
