namespace VllmSecure.Proxy.Tls.ClientCertificates;

/// <summary><c>Tls:ClientCertificates</c>: mutual TLS.</summary>
internal sealed class ClientCertificateOptions
{
    public const string Section = "Tls:ClientCertificates";

    /// <summary><c>None</c>, <c>Optional</c> or <c>Required</c> (<see cref="ClientCertificateModes"/>).</summary>
    public string Mode { get; set; } = ClientCertificateModes.None;

    /// <summary>PEM file of the authorities that may sign client certificates; no other one is trusted.</summary>
    public string? Authority { get; set; }

    /// <summary>
    /// The API key (by its id) whose permissions a certificate has, by a name of the certificate: a DNS name, e-mail address
    /// or URI of its alternative names, or its common name. Without an entry a certificate is a second factor beside a key.
    /// </summary>
    public IDictionary<string, string> Keys { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
