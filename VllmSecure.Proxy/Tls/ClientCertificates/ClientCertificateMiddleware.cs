using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Tls.ClientCertificates;

/// <summary>Publishes on the exchange which API key the client's certificate stands for. TLS has verified it already.</summary>
internal sealed class ClientCertificateMiddleware(RequestDelegate next, IOptions<ClientCertificateOptions> options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Connection.ClientCertificate is { } certificate)
        {
            ProxyExchange.Of(context).CertificateKeyId = ClientCertificateIdentity.KeyIdOf(certificate, options.Value.Keys);
        }

        return next(context);
    }
}
