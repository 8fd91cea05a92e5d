namespace VllmSecure.Proxy.Routing.Health;

internal sealed partial class HealthMonitor
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The model server {Server} {Change}", EventName = "ServerHealthChanged")]
        public static partial void Changed(ILogger logger, string server, string change);

        [LoggerMessage(2, LogLevel.Information, "Looking at the model server {Server} failed: {Reason}", EventName = "ServerLookFailed")]
        public static partial void Failed(ILogger logger, string server, string reason);
    }
}
