using System.Net;

namespace VllmSecure.Proxy.Tls.Development;

/// <summary>What a development certificate is for: this machine, by every name it has for itself.</summary>
internal static class DevelopmentHosts
{
    public static IReadOnlyList<string> All { get; } = Of(Dns.GetHostName());

    /// <summary>The loopback names and addresses, and the machine's name where it is one that a certificate can carry.</summary>
    public static IReadOnlyList<string> Of(string hostName)
    {
        var host = hostName.ToLowerInvariant();
        string[] loopback = ["localhost", IPAddress.Loopback.ToString(), IPAddress.IPv6Loopback.ToString()];
        return Uri.CheckHostName(host) == UriHostNameType.Dns && !host.Contains('_', StringComparison.Ordinal) && host != "localhost"
            ? [.. loopback, host]
            : loopback;
    }
}
