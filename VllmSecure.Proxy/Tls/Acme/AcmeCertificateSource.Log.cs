namespace VllmSecure.Proxy.Tls.Acme;

internal sealed partial class AcmeCertificateSource
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "There is no certificate for {Identifier} yet: a self-signed one is served until the CA has issued", EventName = "AcmePlaceholder")]
        public static partial void Placeholder(ILogger logger, string identifier);

        [LoggerMessage(2, LogLevel.Error, "The stored certificate for {Identifier} cannot be used: {Reason} A new one is ordered; a self-signed one is served until then", EventName = "AcmeStoredUnreadable")]
        public static partial void Unreadable(ILogger logger, string identifier, string reason);

        [LoggerMessage(3, LogLevel.Error, "The stored schedule of {Identifier} cannot be used: {Reason} It starts afresh", EventName = "AcmeScheduleUnreadable")]
        public static partial void ScheduleUnreadable(ILogger logger, string identifier, string reason);

        [LoggerMessage(4, LogLevel.Information, "The certificate for {Identifier} is of {Directory}, which is not configured any more: another one is ordered", EventName = "AcmeFormerAuthority")]
        public static partial void FormerAuthority(ILogger logger, string identifier, Uri directory);
    }
}
