namespace VllmSecure.Proxy.Telemetry;

/// <summary>Names of the instruments and attributes that tell of certificates. As with all names: never changed, only added.</summary>
internal static class CertificateMetricNames
{
    /// <summary>Seconds until a served certificate ends; negative once it has.</summary>
    public const string Expiry = "vllm_secure.certificate.expiry";

    /// <summary>Seconds until the next planned attempt to renew; negative while it is overdue.</summary>
    public const string Renewal = "vllm_secure.certificate.renewal";

    /// <summary>Seconds since the last attempt.</summary>
    public const string LastAttempt = "vllm_secure.certificate.last_attempt";

    /// <summary>1 where the last attempt succeeded, 0 where it failed.</summary>
    public const string LastResult = "vllm_secure.certificate.last_result";

    /// <summary>Failed attempts in a row.</summary>
    public const string Failures = "vllm_secure.certificate.failures";

    /// <summary>The first name of the certificate.</summary>
    public const string NameAttribute = "vllm_secure.certificate.name";

    /// <summary>Whether a self-signed placeholder is served.</summary>
    public const string PlaceholderAttribute = "vllm_secure.certificate.placeholder";
}
