namespace VllmSecure.Proxy.Tls.Handshake;

/// <summary>What the proxy needs of a ClientHello (RFC 8446 section 4.1.2) before TLS itself reads it.</summary>
/// <param name="ServerName">The host name of server_name (RFC 6066), in lower case; null where there is none.</param>
/// <param name="SupportsTls13">Whether supported_versions offers TLS 1.3.</param>
/// <param name="IsAcmeChallenge">Whether ALPN offers <c>acme-tls/1</c> and nothing else (RFC 8737 section 3).</param>
internal sealed record ClientHello(string? ServerName, bool SupportsTls13, bool IsAcmeChallenge);
