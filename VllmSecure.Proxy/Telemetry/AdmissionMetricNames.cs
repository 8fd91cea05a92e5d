namespace VllmSecure.Proxy.Telemetry;

/// <summary>Names of the instruments that tell of requests that wait in the proxy. As with all names: never changed, only added.</summary>
internal static class AdmissionMetricNames
{
    /// <summary>Requests that wait for room on a server.</summary>
    public const string Requests = "vllm_secure.queue.requests";

    /// <summary>Seconds that a request waited, whatever became of it then; those that need not wait are not counted.</summary>
    public const string Wait = "vllm_secure.queue.wait";
}
