namespace VllmSecure.Proxy.Routing;

internal sealed partial class UpstreamConfigProvider
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The upstreams have changed: there are {Count} now", EventName = "UpstreamsChanged")]
        public static partial void UpstreamsChanged(ILogger logger, int count);
    }
}
