namespace VllmSecure.Proxy.Tls.Handshake;

/// <summary>Connection feature of every TCP connection whose ClientHello was looked at; QUIC connections have none.</summary>
/// <param name="Hello">Null where it could not be read.</param>
internal sealed record PeekedClientHello(ClientHello? Hello);
