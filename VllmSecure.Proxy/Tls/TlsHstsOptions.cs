namespace VllmSecure.Proxy.Tls;

/// <summary><c>Tls:Hsts</c>: HTTP Strict Transport Security (RFC 6797).</summary>
internal sealed class TlsHstsOptions
{
    public const string Section = "Tls:Hsts";

    /// <summary>
    /// Days that a browser refuses plain HTTP for this host; 0: no header. Never sent for localhost, in Development, or with
    /// a development certificate: it would move every local http page of the browser to https.
    /// </summary>
    public int MaxAgeDays { get; set; } = 365;
}
