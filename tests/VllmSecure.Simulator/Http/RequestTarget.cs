using System.Text;

namespace VllmSecure.Simulator.Http;

/// <summary>The path that uvicorn hands to its router: percent-decoded once, %2F too, nothing normalised.</summary>
internal static class RequestTarget
{
    public static string PathOf(string rawTarget)
    {
        var path = rawTarget;
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0 && !path.StartsWith('/'))
        {
            var slash = path.IndexOf('/', scheme + 3);
            path = slash < 0 ? "/" : path[slash..];
        }

        var query = path.AsSpan().IndexOfAny('?', '#');
        return Decode(query < 0 ? path : path[..query]);
    }

    private static string Decode(string path)
    {
        if (!path.Contains('%', StringComparison.Ordinal))
        {
            return path;
        }

        var bytes = new List<byte>(path.Length);
        for (var index = 0; index < path.Length; index++)
        {
            if (path[index] == '%' && index + 2 < path.Length + 0
                && byte.TryParse(path.AsSpan(index + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, provider: null, out var value))
            {
                bytes.Add(value);
                index += 2;
                continue;
            }

            bytes.AddRange(Encoding.UTF8.GetBytes([path[index]]));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
