namespace VllmSecure.Proxy.Errors;

internal sealed partial class ErrorsMiddleware
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Request {RequestId} failed in the proxy: {ExceptionType}\n{StackTrace}", EventName = "RequestFailed")]
        public static partial void Unhandled(ILogger logger, string requestId, string? exceptionType, string? stackTrace);

        [LoggerMessage(2, LogLevel.Debug, "Request {RequestId} ended with {ExceptionType} after it was aborted", EventName = "RequestFailedAfterAbort")]
        public static partial void FailedAfterAbort(ILogger logger, string requestId, string exceptionType);
    }
}
