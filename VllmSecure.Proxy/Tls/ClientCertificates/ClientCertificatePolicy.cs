using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Tls.ClientCertificates;

/// <summary>What a handshake asks of the client.</summary>
internal sealed class ClientCertificatePolicy(IOptions<ClientCertificateOptions> options)
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    // Read with the first certificate: earlier the options are not validated.
    private readonly Lazy<X509Certificate2Collection> _authorities = new(() =>
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(options.Value.Authority!);
        return authorities;
    });

    public void Apply(SslServerAuthenticationOptions handshake)
    {
        if (options.Value.Mode == ClientCertificateModes.None)
        {
            return;
        }

        var isRequired = options.Value.Mode == ClientCertificateModes.Required;
        handshake.ClientCertificateRequired = true;

        // A ticket brings back the client's certificate without its intermediates: one that needs them would fail on every second connection.
        handshake.AllowTlsResume = false;
        handshake.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,

            // Private authorities seldom publish revocation lists; a list that is out of reach must not lock everybody out.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        handshake.CertificateChainPolicy.CustomTrustStore.AddRange(_authorities.Value);
        handshake.CertificateChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        handshake.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            certificate is null ? !isRequired : errors == SslPolicyErrors.None;
    }
}
