namespace VllmSecure.Proxy.Tls.Doctor;

/// <summary>The ports on which CAs validate and clients arrive by default (RFC 8555 section 8.3, RFC 8737 section 3).</summary>
internal sealed record PublicPorts(int Http = 80, int Https = 443);
