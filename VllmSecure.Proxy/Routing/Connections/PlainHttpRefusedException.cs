namespace VllmSecure.Proxy.Routing.Connections;

/// <summary>The upstream's address is on the internet and its scheme is plain HTTP: prompts and keys would be readable on the way.</summary>
internal sealed class PlainHttpRefusedException(string upstream)
    : IOException($"Plain HTTP to an address that is neither loopback nor private. Use https, or set Upstreams:{upstream}:AllowPlainHttp.")
{
    public string Upstream { get; } = upstream;
}
