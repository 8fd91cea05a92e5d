namespace VllmSecure.Proxy.Tls.Serving;

internal sealed partial class CertificateHost
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Serving the certificate for {Names} from {Origin}, valid until {NotAfter:u}", EventName = "CertificateLoaded")]
        public static partial void Loaded(ILogger logger, string names, string origin, DateTimeOffset notAfter);

        [LoggerMessage(2, LogLevel.Information, "TLS by {Library}: the post-quantum key exchange X25519MLKEM768 {Answer}", EventName = "TlsKeyExchange")]
        public static partial void KeyExchange(ILogger logger, string library, string answer);
    }
}
