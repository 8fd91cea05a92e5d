namespace VllmSecure.Proxy.Routing;

internal sealed partial class CurrentUpstreams
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The configuration has changed: there are {Count} upstreams", EventName = "UpstreamsChanged")]
        public static partial void Changed(ILogger logger, int count);
    }
}
