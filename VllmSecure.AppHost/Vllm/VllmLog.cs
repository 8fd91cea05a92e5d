using Microsoft.Extensions.Logging;

namespace VllmSecure.AppHost.Vllm;

internal static partial class VllmLog
{
    [LoggerMessage(1, LogLevel.Information, "vLLM is served by {Mode}: {Reason}.", EventName = "VllmMode")]
    public static partial void LogVllmMode(this ILogger logger, VllmMode mode, string reason);
}
