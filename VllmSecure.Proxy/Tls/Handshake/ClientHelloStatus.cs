namespace VllmSecure.Proxy.Tls.Handshake;

/// <summary>What a look at the first bytes of a connection found.</summary>
internal enum ClientHelloStatus
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>A whole ClientHello.</summary>
    Complete,

    /// <summary>Not TLS, malformed, or larger than any honest ClientHello.</summary>
    Unreadable,
}
