namespace VllmSecure.Proxy.Tls.Files;

internal sealed partial class FilesCertificateSource
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Serving the new content of {Path}, valid until {NotAfter:u}", EventName = "CertificateFileTaken")]
        public static partial void Taken(ILogger logger, string path, DateTimeOffset notAfter);

        [LoggerMessage(2, LogLevel.Error, "The new content of {Path} is refused: {Reason} The one before is served; it is valid until {NotAfter:u}", EventName = "CertificateFileRefused")]
        public static partial void Refused(ILogger logger, string path, string reason, DateTimeOffset notAfter);

        [LoggerMessage(3, LogLevel.Critical, "The certificate {Path} ended at {NotAfter:u}: clients refuse it. Renew it", EventName = "CertificateFileEnded")]
        public static partial void Ended(ILogger logger, string path, DateTimeOffset notAfter);
    }
}
