using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace VllmSecure.Proxy.Listeners;

/// <summary>How a listener becomes an HTTPS one. The composition root hands in what <c>Tls</c> offers, so neither folder knows the other.</summary>
internal sealed class HttpsListenerSetup(Action<ListenOptions, TimeSpan> configure)
{
    /// <summary>Puts TLS on a listener whose protocols are set; a handshake gets <paramref name="handshakeTimeout"/>.</summary>
    public void Configure(ListenOptions listen, TimeSpan handshakeTimeout) => configure(listen, handshakeTimeout);
}
