namespace VllmSecure.Proxy.Tls.Acme;

internal sealed partial class RenewalInfoReader
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The CA suggests to renew {Identifier} from {Start:u} to {End:u} ({Explanation})", EventName = "AcmeRenewalSuggested")]
        public static partial void Suggested(ILogger logger, string identifier, DateTimeOffset start, DateTimeOffset end, string explanation);

        [LoggerMessage(2, LogLevel.Warning, "The CA's renewal information for {Identifier} was not read: {Reason}", EventName = "AcmeRenewalInfoNotRead")]
        public static partial void NotRead(ILogger logger, string identifier, string reason);
    }
}
