using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using VllmSecure.Proxy.Tls.Acme.Challenges;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.Handshake;

/// <summary>Answers Kestrel's question at each handshake: with which certificate, and under which rules.</summary>
internal sealed class TlsHandshake(CertificateStore store, TlsAlpn01Solver challenges)
{
    public ValueTask<SslServerAuthenticationOptions> OnConnectionAsync(TlsHandshakeCallbackContext context)
    {
        var peeked = context.Connection.Features.Get<PeekedClientHello>();
        var serverName = peeked?.Hello?.ServerName ?? context.ClientHelloInfo.ServerName;
        if (peeked?.Hello?.IsAcmeChallenge == true)
        {
            return ValueTask.FromResult(challenges.AnswerFor(serverName)
                ?? throw new AuthenticationException("No validation of this name is under way here."));
        }

        var certificate = store.Select(serverName, (context.Connection.LocalEndPoint as IPEndPoint)?.Address)
            ?? throw new AuthenticationException("There is no certificate to serve yet.");
        var options = peeked is null ? certificate.ForQuic() : certificate.For(peeked.Hello);
        return ValueTask.FromResult(options);
    }
}
