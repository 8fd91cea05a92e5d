using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// Reads a multipart form (RFC 7578) for what decides something: its fields, <c>model</c>, <c>stream</c>. What another
/// reader could take differently is refused, so that vLLM finds the same fields.
/// </summary>
internal static class FormScanner
{
    private const int MaxParts = 64;
    private const int MaxModelLength = 256;
    private const int MaxNameLength = 64;

    /// <summary>.NET's own client sends <c>filename*</c> with each file.</summary>
    private static readonly string[] Parameters = ["name", "filename", "filename*"];

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.[]");

    public static async Task<RequestScan> ScanAsync(ReadOnlySequence<byte> bytes, string boundary, CancellationToken cancellationToken)
    {
        var scan = new RequestScan { Facts = { BodyBytes = bytes.Length } };
        try
        {
            scan.Error = await ReadAsync(bytes, boundary, scan.Facts, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // Not its message: it may quote the body.
            scan.Error = InspectionErrors.BrokenForm;
        }

        return scan;
    }

    private static async Task<ApiError?> ReadAsync(
        ReadOnlySequence<byte> bytes, string boundary, RequestFacts facts, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var parts = 0;
        await using var stream = PipeReader.Create(bytes).AsStream();
        var reader = new MultipartReader(boundary, stream);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } part)
        {
            if (++parts > MaxParts || NameOf(part) is not { } name)
            {
                return InspectionErrors.BrokenForm;
            }

            // "timestamp_granularities[]" is a list, one part an item.
            if (!names.Add(name) && !name.EndsWith("[]", StringComparison.Ordinal))
            {
                return InspectionErrors.DuplicateField;
            }

            if (await ReadFactAsync(part, name, facts, cancellationToken) is { } wrong)
            {
                return wrong;
            }

            await part.Body.DrainAsync(cancellationToken);
            facts.LargestFormField = Math.Max(facts.LargestFormField, part.Body.Length);
        }

        facts.FormFields = names;
        return IsPlain(bytes, boundary, parts) ? null : InspectionErrors.BrokenForm;
    }

    private static async Task<ApiError?> ReadFactAsync(MultipartSection part, string name, RequestFacts facts, CancellationToken cancellationToken)
    {
        switch (name)
        {
            case "model":
                facts.Model = await ReadTextAsync(part, cancellationToken);
                return facts.Model is null ? InspectionErrors.ModelTooLong : null;
            case "stream":
                // Pydantic's words for true.
                facts.Stream = await ReadTextAsync(part, cancellationToken) is { } text
                    && text.ToUpperInvariant() is "TRUE" or "1" or "ON" or "YES" or "T" or "Y";
                return null;
            default:
                return null;
        }
    }

    /// <summary>The part's text; null where it is longer than any name of a model.</summary>
    private static async Task<string?> ReadTextAsync(MultipartSection part, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxModelLength + 1];
        var length = await part.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > MaxModelLength ? null : Encoding.UTF8.GetString(buffer.AsSpan(0, length));
    }

    /// <summary>The field's name; null where the header is missing, doubled or fancy (RFC 7578 section 4.2).</summary>
    private static string? NameOf(MultipartSection part)
    {
        if (part.Headers?.TryGetValue(HeaderNames.ContentDisposition, out var values) != true
            || values.Count != 1
            || values[0].AsSpan().ContainsAnyInRange('\0', '\x1f')
            || values[0].AsSpan().Contains('\\')
            || !ContentDispositionHeaderValue.TryParse(values[0], out var disposition)
            || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
            || !HasOnlyKnownParameters(disposition))
        {
            return null;
        }

        var name = HeaderUtilities.RemoveQuotes(disposition.Name);
        return name.Length is > 0 and <= MaxNameLength && !name.AsSpan().ContainsAnyExcept(NameCharacters) ? name.ToString() : null;
    }

    /// <summary>
    /// Any other parameter is of no use to a form, and Python's reader, which vLLM uses, ends quotes in other places than
    /// this one: within a longer header it could find another name.
    /// </summary>
    private static bool HasOnlyKnownParameters(ContentDispositionHeaderValue disposition)
    {
        var names = disposition.Parameters.Select(parameter => parameter.Name.ToString()).ToList();
        return names.TrueForAll(name => Parameters.Contains(name, StringComparer.OrdinalIgnoreCase))
            && names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Count;
    }

    /// <summary>
    /// Whether the delimiter stands before each part that was read, at the end, and nowhere else, and ends its line: a
    /// looser reader would see more parts than we did, and a stricter one would take "--boundary " for data.
    /// </summary>
    private static bool IsPlain(ReadOnlySequence<byte> bytes, string boundary, int parts)
    {
        var delimiter = Encoding.ASCII.GetBytes($"--{boundary}");
        var reader = new SequenceReader<byte>(bytes);
        var count = 0;
        if (!reader.IsNext(delimiter))
        {
            return false;
        }

        while (reader.TryReadTo(out ReadOnlySequence<byte> _, delimiter))
        {
            if (!reader.IsNext(++count <= parts ? "\r\n"u8 : "--"u8))
            {
                return false;
            }
        }

        return count == parts + 1;
    }
}
