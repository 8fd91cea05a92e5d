namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>A challenge (RFC 8555 section 8).</summary>
internal sealed record AcmeChallenge(string Type, Uri Url, string Status, string? Token = null, AcmeProblem? Error = null);
