namespace VllmSecure.Proxy.Tls.Development;

internal sealed partial class DevelopmentCertificateSource
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Made the development certificate {Path}, valid until {NotAfter:u}", EventName = "DevelopmentCertificateIssued")]
        public static partial void Issued(ILogger logger, string path, DateTimeOffset notAfter);

        [LoggerMessage(2, LogLevel.Warning, "The development certificate {Path} cannot be read ({Reason}) and is replaced", EventName = "DevelopmentCertificateUnusable")]
        public static partial void Unusable(ILogger logger, string path, string reason);

        [LoggerMessage(3, LogLevel.Error, "The development certificate could not be renewed: {Reason} The old one is served; free space or make DataDirectory writable", EventName = "DevelopmentCertificateNotRenewed")]
        public static partial void NotRenewed(ILogger logger, string reason);
    }
}
