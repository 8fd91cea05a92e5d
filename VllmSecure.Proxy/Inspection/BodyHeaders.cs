using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>What the headers of a request must say before its body is read.</summary>
internal static class BodyHeaders
{
    /// <summary>
    /// Whether the body is under a transfer coding that is not understood (RFC 9112 section 6.1). Kestrel looks for <c>chunked</c> at
    /// the end and passes over what stands before it; a server before this one may read the same list in another way.
    /// </summary>
    public static bool HasUnknownTransferCoding(IHeaderDictionary headers) =>
        headers.TransferEncoding is { Count: > 0 } codings && !(codings.Count == 1 && IsToken(codings[0], "chunked"));

    /// <summary>The refusal, or null where the body may be read.</summary>
    public static ApiError? Check(IHeaderDictionary headers, WireFormat format)
    {
        // Compressed, a small body could be a bomb, and vLLM does not unpack bodies anyway.
        if (!IsIdentity(headers.ContentEncoding))
        {
            return InspectionErrors.UnsupportedEncoding;
        }

        return format == WireFormat.Form
            ? FormBoundary.Find(headers.ContentType) is null ? InspectionErrors.NotAForm : null
            : IsJson(headers.ContentType) ? null : InspectionErrors.UnsupportedMediaType;
    }

    private static bool IsIdentity(StringValues encodings) =>
        encodings.Count == 0 || (encodings.Count == 1 && (encodings[0] is "" or null || IsToken(encodings[0], "identity")));

    /// <summary>vLLM takes exactly this media type, so a body it would read as JSON never passes unread.</summary>
    private static bool IsJson(StringValues contentType) =>
        contentType.Count == 1
        && MediaTypeHeaderValue.TryParse(contentType[0], out var mediaType)
        && mediaType.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!mediaType.Charset.HasValue || mediaType.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || mediaType.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));

    private static bool IsToken(string? value, string token) =>
        value.AsSpan().Trim().Equals(token, StringComparison.OrdinalIgnoreCase);
}
