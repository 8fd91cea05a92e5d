using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>A self-signed certificate until there is a real one: TLS works, and every client says that it does not trust it.</summary>
internal static class PlaceholderCertificate
{
    public const string Origin = "self-signed placeholder";

    // It ends with the process in practice; a client that pins it by mistake should notice some day.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    public static ServerCertificate Create(AcmeIdentifier identifier, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=VllmSecure placeholder", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (identifier.IsAddress)
        {
            names.AddIpAddress(IPAddress.Parse(identifier.Value));
        }
        else
        {
            names.AddDnsName(identifier.Value);
        }

        request.CertificateExtensions.Add(names.Build());
        return new ServerCertificate(PrivateKeys.ForTls(request.CreateSelfSigned(now.AddHours(-1), now + Lifetime)), [], Origin);
    }
}
