namespace VllmSecure.Proxy.Tls.Acme;

internal sealed partial class CertificateKeeper
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The certificate for {Identifier} is to be renewed at {Planned:u}", EventName = "AcmePlanned")]
        public static partial void Planned(ILogger logger, string identifier, DateTimeOffset planned);

        [LoggerMessage(2, LogLevel.Information, "Serving a new certificate for {Identifier} from {Directory}, valid until {NotAfter:u}", EventName = "AcmeIssued")]
        public static partial void Issued(ILogger logger, string identifier, Uri directory, DateTimeOffset notAfter);

        [LoggerMessage(3, LogLevel.Error, "No certificate for {Identifier} after {Failures} attempts: {Reason} Next attempt at {Next:u}", EventName = "AcmeNotIssued")]
        public static partial void NotIssued(ILogger logger, string identifier, int failures, string reason, DateTimeOffset next);

        [LoggerMessage(4, LogLevel.Warning, "The certificate for {Identifier} was not renewed after {Failures} attempts: {Reason} Next attempt at {Next:u}; the one at hand is valid until {NotAfter:u}", EventName = "AcmeNotRenewed")]
        public static partial void NotRenewed(ILogger logger, string identifier, int failures, string reason, DateTimeOffset next, DateTimeOffset notAfter);

        [LoggerMessage(5, LogLevel.Critical, "The certificate for {Identifier} was not renewed after {Failures} attempts: {Reason} Next attempt at {Next:u}; the one served ENDED at {NotAfter:u} and clients refuse it", EventName = "AcmeEnded")]
        public static partial void Ended(ILogger logger, string identifier, int failures, string reason, DateTimeOffset next, DateTimeOffset notAfter);

        [LoggerMessage(6, LogLevel.Warning, "The schedule of {Identifier} was not saved: {Reason}", EventName = "AcmeStateNotSaved")]
        public static partial void NotSaved(ILogger logger, string identifier, string reason);

        [LoggerMessage(7, LogLevel.Error, "The new certificate for {Identifier} is served but was not saved ({Reason}): a restart would order it again. Make DataDirectory writable", EventName = "AcmeNotSaved")]
        public static partial void CertificateNotSaved(ILogger logger, string identifier, string reason);

        [LoggerMessage(8, LogLevel.Error, "The new certificate for {Identifier}, valid from {NotBefore:u} to {NotAfter:u}, is due for renewal already: it is {Now:u} by this machine's clock. Set the clock", EventName = "AcmeDueAlready")]
        public static partial void DueAlready(ILogger logger, string identifier, DateTimeOffset notBefore, DateTimeOffset notAfter, DateTimeOffset now);
    }
}
