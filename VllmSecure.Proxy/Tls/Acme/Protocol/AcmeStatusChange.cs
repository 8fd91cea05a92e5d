namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>Payload that changes the status of an object, as a deactivation does (RFC 8555 section 7.5.2).</summary>
internal sealed record AcmeStatusChange(string Status);
