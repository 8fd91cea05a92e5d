using System.Text.Json.Serialization;

namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>A public P-256 key (RFC 7517). The members are in the order that a thumbprint needs (RFC 7638 section 3).</summary>
internal sealed record JsonWebKey(
    [property: JsonPropertyOrder(0)] string Crv,
    [property: JsonPropertyOrder(1)] string Kty,
    [property: JsonPropertyOrder(2)] string X,
    [property: JsonPropertyOrder(3)] string Y);
