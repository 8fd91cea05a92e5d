namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>The protected header of a request (RFC 8555 section 6.2): the key itself for a new account, else the account's URL.</summary>
internal sealed record JwsHeader(string Alg, Uri Url, string? Nonce, JsonWebKey? Jwk, string? Kid);
