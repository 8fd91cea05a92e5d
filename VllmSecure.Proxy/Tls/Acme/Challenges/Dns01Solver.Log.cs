namespace VllmSecure.Proxy.Tls.Acme.Challenges;

internal sealed partial class Dns01Solver
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The record {Record} was not removed: {Reason}", EventName = "AcmeRecordNotRemoved")]
        public static partial void NotRemoved(ILogger logger, string record, string reason);
    }
}
