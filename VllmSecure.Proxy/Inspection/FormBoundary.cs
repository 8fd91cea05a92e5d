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

    /// <summary>The boundary, or null where the header names none or more than one.</summary>
    public static string? Find(StringValues contentType)
    {
        if (contentType.Count != 1
            || !MediaTypeHeaderValue.TryParse(contentType[0], out var mediaType)
            || !mediaType.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || mediaType.Parameters.Count(parameter => parameter.Name.StartsWith("boundary", StringComparison.OrdinalIgnoreCase)) != 1)
        {
            return null;
        }

        var boundary = HeaderUtilities.RemoveQuotes(mediaType.Boundary);
        return boundary.Length is > 0 and <= Longest && !boundary.AsSpan().ContainsAnyExcept(Characters) ? boundary.ToString() : null;
    }
}
