namespace VllmSecure.Proxy.Listeners;

/// <summary><c>Limits</c>: what one client may cost before its request is understood.</summary>
internal sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>Open connections of each listener; Kestrel's own default is none at all.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>
    /// Open connections of one client address (of an IPv6 client: of its /64) over HTTPS and plain HTTP, HTTP/3 apart; 0: no limit. Leave it at 0
    /// where many clients come from one address: a company's network, Docker's userland proxy, a load balancer.
    /// </summary>
    public int MaxConnectionsPerAddress { get; set; }

    /// <summary>Requests at one time on one HTTP/2 or HTTP/3 connection.</summary>
    public int MaxStreamsPerConnection { get; set; } = 100;

    /// <summary>Seconds for the TLS handshake.</summary>
    public int HandshakeTimeoutSeconds { get; set; } = 10;

    /// <summary>Seconds for the request headers to arrive.</summary>
    public int HeadersTimeoutSeconds { get; set; } = 15;

    /// <summary>Bytes of all request headers. vLLM itself reads 4 MiB (CVE-2025-48956).</summary>
    public int MaxHeadersBytes { get; set; } = 32 * 1024;

    /// <summary>Number of request headers.</summary>
    public int MaxHeaders { get; set; } = 100;

    /// <summary>Seconds that an idle client connection is kept.</summary>
    public int KeepAliveSeconds { get; set; } = 130;

    /// <summary>Bytes a second that a request body must keep up after 5 s; 0: no minimum.</summary>
    public double MinRequestBytesPerSecond { get; set; } = 240;

    /// <summary>
    /// Bytes a second that a client must take while data waits for it, after 5 s; 0: no minimum. Pauses of a stream
    /// do not count: the clock runs only while a write is blocked.
    /// </summary>
    public double MinResponseBytesPerSecond { get; set; } = 240;
}
