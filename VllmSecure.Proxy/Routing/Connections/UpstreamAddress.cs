namespace VllmSecure.Proxy.Routing.Connections;

/// <summary>Where an upstream listens.</summary>
/// <param name="Uri">The base address of its URLs; for a unix socket it only names the scheme and a Host header.</param>
/// <param name="SocketPath">The unix socket; null for TCP.</param>
internal sealed record UpstreamAddress(Uri Uri, string? SocketPath)
{
    private const string UnixScheme = "unix:";

    public static UpstreamAddress? TryParse(string? address)
    {
        if (address?.StartsWith(UnixScheme, StringComparison.OrdinalIgnoreCase) == true)
        {
            var path = address[UnixScheme.Length..];
            return path.StartsWith('/') ? new UpstreamAddress(new Uri("http://localhost"), path) : null;
        }

        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? new UpstreamAddress(uri, null) : null;
    }
}
