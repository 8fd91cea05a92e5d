namespace VllmSecure.Proxy.RequestPolicy.Advisories;

internal sealed partial class UpstreamAudit
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Upstream {Upstream} runs vLLM {Version}, which is known for {Advisories}. The proxy keeps away what it can; update vLLM to {Recommended} or later", EventName = "UpstreamHasAdvisories")]
        public static partial void HasAdvisories(ILogger logger, string upstream, Version version, string advisories, Version recommended);

        [LoggerMessage(2, LogLevel.Warning, "Upstream {Upstream} has routes that this proxy does not know, and so keeps closed: {Routes}", EventName = "UpstreamHasUnknownRoutes")]
        public static partial void HasUnknownRoutes(ILogger logger, string upstream, string routes);
    }
}
