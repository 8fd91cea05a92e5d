namespace VllmSecure.Proxy.Reload;

internal sealed partial class ReloadWatch
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A file of settings cannot be read any more, and what it said before stays in use: {Mistakes}", EventName = "SettingsFileRefused")]
        public static partial void Refused(ILogger logger, string mistakes);
    }
}
