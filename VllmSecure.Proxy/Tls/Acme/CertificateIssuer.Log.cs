namespace VllmSecure.Proxy.Tls.Acme;

internal sealed partial class CertificateIssuer
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Rehearsing the order for {Identifier} at {Staging} after a failure", EventName = "AcmeRehearsing")]
        public static partial void Rehearsing(ILogger logger, string identifier, Uri staging);

        [LoggerMessage(3, LogLevel.Warning, "The rehearsal at {Staging} is skipped: {Reason}", EventName = "AcmeNoRehearsal")]
        public static partial void NoRehearsal(ILogger logger, Uri staging, string reason);

        [LoggerMessage(2, LogLevel.Warning, "The profile {Profile} is not offered by {Authority}: its default is used", EventName = "AcmeNoProfile")]
        public static partial void NoProfile(ILogger logger, string profile, string authority);
    }
}
