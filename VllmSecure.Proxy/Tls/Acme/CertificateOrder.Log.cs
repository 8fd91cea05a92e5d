namespace VllmSecure.Proxy.Tls.Acme;

internal sealed partial class CertificateOrder
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Ordered a certificate for {Identifier} ({Order}), to be proven by {Challenge}", EventName = "AcmeOrdered")]
        public static partial void Ordered(ILogger logger, string identifier, Uri order, string challenge);

        [LoggerMessage(2, LogLevel.Information, "The CA has validated {Identifier} by {Challenge}", EventName = "AcmeValidated")]
        public static partial void Validated(ILogger logger, string identifier, string challenge);

        [LoggerMessage(3, LogLevel.Debug, "The authorization {Authorization} was not given up: {Reason}", EventName = "AcmeNotGivenUp")]
        public static partial void NotGivenUp(ILogger logger, Uri authorization, string reason);

        [LoggerMessage(4, LogLevel.Information, "The CA does not take an order for {Identifier} that names the certificate it replaces ({Reason}): it is ordered without", EventName = "AcmeNotReplaced")]
        public static partial void NotReplaced(ILogger logger, string identifier, string reason);
    }
}
