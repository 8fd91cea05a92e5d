using System.Security.Cryptography.X509Certificates;

namespace VllmSecure.Proxy.Tls.Serving;

/// <summary>A certificate with its private key and the intermediates that are sent along.</summary>
internal sealed class ServerCertificate
{
    /// <param name="leaf">The certificate, with its private key.</param>
    /// <param name="intermediates">What a client needs to reach its root, in order; without the root.</param>
    /// <param name="origin">Where it came from, for the operator: a path, a directory URL.</param>
    public ServerCertificate(X509Certificate2 leaf, IReadOnlyList<X509Certificate2> intermediates, string origin)
    {
        Leaf = leaf;
        Intermediates = intermediates;
        Origin = origin;
        Names = CertificateNames.Of(leaf);
        NotBefore = new DateTimeOffset(leaf.NotBefore.ToUniversalTime());
        NotAfter = new DateTimeOffset(leaf.NotAfter.ToUniversalTime());
    }

    public X509Certificate2 Leaf { get; }

    public IReadOnlyList<X509Certificate2> Intermediates { get; }

    public string Origin { get; }

    /// <summary>DNS names (lower case, <c>*.</c> for a wildcard) and IP addresses it is valid for.</summary>
    public IReadOnlyList<string> Names { get; }

    public DateTimeOffset NotBefore { get; }

    /// <summary>The end of its validity: all planning starts from here, never from an assumed lifetime.</summary>
    public DateTimeOffset NotAfter { get; }
}
