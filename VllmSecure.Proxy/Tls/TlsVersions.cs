namespace VllmSecure.Proxy.Tls;

/// <summary>The values of <c>Tls:MinimumVersion</c>. Older versions are deprecated (RFC 8996) and cannot be switched on.</summary>
internal static class TlsVersions
{
    public const string Tls12 = "1.2";
    public const string Tls13 = "1.3";
}
