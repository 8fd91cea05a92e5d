using System.Buffers;

namespace VllmSecure.Proxy.ApiSurface;

/// <summary>The characters of an id that means the same with and without URL decoding.</summary>
internal static class UrlSafe
{
    public static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}
