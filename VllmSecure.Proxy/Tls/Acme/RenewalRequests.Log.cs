namespace VllmSecure.Proxy.Tls.Acme;

internal sealed partial class RenewalRequests
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Renewing the certificate for {Identifier}, as the command line asked", EventName = "AcmeRenewalRequested")]
        public static partial void Taken(ILogger logger, string identifier);

        [LoggerMessage(2, LogLevel.Error, "The request {Path} cannot be taken up: {Reason}", EventName = "AcmeRequestNotRemoved")]
        public static partial void NotRemoved(ILogger logger, string path, string reason);
    }
}
