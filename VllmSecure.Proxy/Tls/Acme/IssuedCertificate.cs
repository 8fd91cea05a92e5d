using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>What a CA issued, checked.</summary>
/// <param name="Certificate">Ready to be served.</param>
/// <param name="ChainPem">Leaf first.</param>
/// <param name="KeyPem">The private key, PKCS #8.</param>
/// <param name="Directory">The CA's directory.</param>
/// <param name="Challenge">The type of challenge that worked; null where the CA still knew an older proof.</param>
internal sealed record IssuedCertificate(ServerCertificate Certificate, string ChainPem, string KeyPem, Uri Directory, string? Challenge);
