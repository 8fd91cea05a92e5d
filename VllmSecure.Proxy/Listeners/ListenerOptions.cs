namespace VllmSecure.Proxy.Listeners;

/// <summary>Where the proxy listens. The port lists carry ASP.NET Core's own names.</summary>
internal sealed class ListenerOptions
{
    /// <summary><c>HTTPS_PORTS</c>: ports for the API over HTTPS on all addresses, semicolon-separated.</summary>
    public string? HttpsPorts { get; set; }

    /// <summary><c>HTTP_PORTS</c>: ports on all addresses that redirect to HTTPS and answer ACME HTTP-01; empty: none.</summary>
    public string? HttpPorts { get; set; }

    /// <summary><c>ASPNETCORE_URLS</c> / <c>--urls</c>: addresses, in place of both port lists.</summary>
    public string? Urls { get; set; }

    /// <summary><c>PublicHttpsPort</c>: the HTTPS port as clients see it, for redirects behind a port mapping.</summary>
    public int? PublicHttpsPort { get; set; }

    /// <summary><c>Http3</c>: also listen on UDP where QUIC (libmsquic) is installed.</summary>
    public bool Http3 { get; set; }
}
