namespace VllmSecure.Proxy.ApiKeys;

internal sealed partial class ApiKeysReload
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Count} API keys are in force", EventName = "ApiKeysLoaded")]
        public static partial void Loaded(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Error, "The API keys were changed but cannot be used; the {Count} keys of before stay in force. {Mistakes}", EventName = "ApiKeysRefused")]
        public static partial void Refused(ILogger logger, int count, string mistakes);

        [LoggerMessage(3, LogLevel.Error, "The key file cannot be read; the {Count} API keys of before stay in force. {Reason}", EventName = "ApiKeyFileUnreadable")]
        public static partial void Unreadable(ILogger logger, int count, string reason);
    }
}
