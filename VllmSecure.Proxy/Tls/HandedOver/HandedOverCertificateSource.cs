using System.Security.Cryptography;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.HandedOver;

/// <summary>Serves the certificate of <c>Kestrel:Certificates:Default</c>. Who handed it over restarts the proxy to renew it.</summary>
internal sealed class HandedOverCertificateSource(IConfiguration configuration, CertificateStore store) : ICertificateSource
{
    public Task LoadAsync(CancellationToken cancellationToken)
    {
        var certificate = HandedOverCertificate.From(configuration)!;
        try
        {
            store.Replace([CertificateFileReader.Read(certificate.Path, certificate.KeyPath, certificate.Password)]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StartFailedException(
                $"{HandedOverCertificate.Section}: {certificate.Path} cannot be used: {exception.Message} Hand over a PFX with its Password, or a PEM with its KeyPath.",
                exception);
        }

        return Task.CompletedTask;
    }

    public Task WatchAsync(CancellationToken stopping) => Task.CompletedTask;

    public IReadOnlyList<CertificateStatus> Describe() => store.Describe();
}
