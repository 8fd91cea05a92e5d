namespace VllmSecure.Proxy.Reload;

internal sealed partial class LastGoodOptionsFactory<TOptions>
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The configuration has become wrong, and what was good before stays in use: {Reasons}", EventName = "SettingsRefused")]
        public static partial void Refused(ILogger logger, string reasons);
    }
}
