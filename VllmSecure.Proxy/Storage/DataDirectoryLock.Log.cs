namespace VllmSecure.Proxy.Storage;

internal sealed partial class DataDirectoryLock
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "DataDirectory {Directory} cannot be written ({Reason}): what is in it is used, and nothing new will be kept", EventName = "DataDirectoryNotLocked")]
        public static partial void NotLocked(ILogger logger, string directory, string reason);
    }
}
