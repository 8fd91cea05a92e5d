namespace VllmSecure.Proxy.Tls.Development;

internal sealed partial class DevelopmentCertificateAuthority
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Made a certificate authority for development: trust {Path}", EventName = "DevelopmentAuthorityCreated")]
        public static partial void Created(ILogger logger, string path);

        [LoggerMessage(2, LogLevel.Warning, "The development authority {Path} ends at {NotAfter:u} and is replaced: trust the new one", EventName = "DevelopmentAuthorityEnding")]
        public static partial void Ending(ILogger logger, string path, DateTime notAfter);

        [LoggerMessage(3, LogLevel.Warning, "The development authority {Path} cannot be read ({Reason}) and is replaced: trust the new one", EventName = "DevelopmentAuthorityUnusable")]
        public static partial void Unusable(ILogger logger, string path, string reason);
    }
}
