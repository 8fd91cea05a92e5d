namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>A JWS in flattened JSON serialization (RFC 7515 section 7.2.2).</summary>
internal sealed record JwsMessage(string Protected, string Payload, string Signature);
