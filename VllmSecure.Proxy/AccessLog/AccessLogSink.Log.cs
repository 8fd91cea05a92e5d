namespace VllmSecure.Proxy.AccessLog;

internal sealed partial class AccessLogSink
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The access log cannot be written to {Sink}: {Reason} Lines are dropped and counted until it works again.", EventName = "AccessLogFailed")]
        public static partial void Failed(ILogger logger, string sink, string reason);

        [LoggerMessage(2, LogLevel.Information, "The access log is written to {Sink} again", EventName = "AccessLogRecovered")]
        public static partial void Recovered(ILogger logger, string sink);
    }
}
