namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>Payload of newOrder (RFC 8555 section 7.4), with the profile and what the certificate replaces (RFC 9773 section 5).</summary>
internal sealed record AcmeOrderRequest(IReadOnlyList<AcmeIdentifier> Identifiers, string? Profile, string? Replaces);
