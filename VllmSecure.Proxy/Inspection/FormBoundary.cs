using System.Buffers;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace VllmSecure.Proxy.Inspection;

/// <summary>The boundary of a multipart form (RFC 2046 section 5.1.1).</summary>
internal static class FormBoundary
{
    private const int Longest = 70;

    /// <summary>RFC 2046's characters without the space, and without the quote and backslash that readers treat differently.</summary>
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'()+_,-./:=?");

    /// <summary>
    /// The boundary, or null where the header names none, more than one, or something beside it: in another charset than UTF-8
    /// Python's reader, which vLLM uses, finds other names and values than this one ("punycode", "utf-7").
    /// </summary>
    public static string? Find(StringValues contentType)
    {
        if (contentType.Count != 1
            || !MediaTypeHeaderValue.TryParse(contentType[0], out var mediaType)
            || !mediaType.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || mediaType.Parameters.Count(parameter => !IsUtf8(parameter)) != 1)
        {
            return null;
        }

        // Where the one parameter has another name, this is empty.
        var boundary = HeaderUtilities.RemoveQuotes(mediaType.Boundary);
        return boundary.Length is > 0 and <= Longest && !boundary.AsSpan().ContainsAnyExcept(Characters) ? boundary.ToString() : null;
    }

    private static bool IsUtf8(NameValueHeaderValue parameter) =>
        parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(parameter.Value).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}
