namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>An authorization (RFC 8555 section 7.1.4).</summary>
internal sealed record AcmeAuthorization(string Status, AcmeIdentifier Identifier, IReadOnlyList<AcmeChallenge> Challenges);
