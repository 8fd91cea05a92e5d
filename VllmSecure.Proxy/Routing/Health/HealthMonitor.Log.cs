namespace VllmSecure.Proxy.Routing.Health;

internal sealed partial class HealthMonitor
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The model server {Server} {Change}", EventName = "ServerHealthChanged")]
        public static partial void Changed(ILogger logger, string server, string change);
    }
}
