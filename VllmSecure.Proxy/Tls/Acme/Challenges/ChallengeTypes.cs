namespace VllmSecure.Proxy.Tls.Acme.Challenges;

/// <summary>The challenges that can be answered, by their names in ACME and in <c>Tls:Acme:Challenges</c>.</summary>
internal static class ChallengeTypes
{
    /// <summary>A file on port 80 (RFC 8555 section 8.3).</summary>
    public const string Http01 = "http-01";

    /// <summary>A certificate on port 443 (RFC 8737).</summary>
    public const string TlsAlpn01 = "tls-alpn-01";

    /// <summary>A TXT record (RFC 8555 section 8.4): the only one for wildcards and for machines that the world cannot reach.</summary>
    public const string Dns01 = "dns-01";

    public static readonly string[] All = [Http01, TlsAlpn01, Dns01];
}
