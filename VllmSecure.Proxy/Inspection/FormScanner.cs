using System.Buffers;
using System.Globalization;
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

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    public static async Task<RequestScan> ScanAsync(ReadOnlySequence<byte> bytes, string boundary, CancellationToken cancellationToken)
    {
        var scan = new RequestScan { Facts = { BodyBytes = bytes.Length } };
        try
        {
            scan.Error = await ReadAsync(bytes, boundary, scan, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // Not its message: it may quote the body.
            scan.Error = InspectionErrors.BrokenForm;
        }

        return scan;
    }

    private static async Task<ApiError?> ReadAsync(
        ReadOnlySequence<byte> bytes, string boundary, RequestScan scan, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await using var stream = PipeReader.Create(bytes).AsStream();
        var reader = new MultipartReader(boundary, stream);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } part)
        {
            if (names.Count == MaxParts || NameOf(part) is not { } name)
            {
                return InspectionErrors.BrokenForm;
            }

            // "timestamp_granularities[]" is a list, one part an item.
            if (names.Contains(name, StringComparer.Ordinal) && !name.EndsWith("[]", StringComparison.Ordinal))
            {
                return InspectionErrors.DuplicateField;
            }

            names.Add(name);
        }

        return FindValues(bytes, boundary, names, scan.Members) ? ReadFacts(bytes, scan) : InspectionErrors.BrokenForm;
    }

    private static ApiError? ReadFacts(ReadOnlySequence<byte> bytes, RequestScan scan)
    {
        var facts = scan.Facts;
        var fields = new Dictionary<string, long?>(StringComparer.Ordinal);
        foreach (var (name, range) in scan.Members)
        {
            var text = TextOf(bytes, range);
            facts.LargestFormField = Math.Max(facts.LargestFormField, range.Length);
            fields[name] = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            switch (name)
            {
                case "model" when text is null:
                    return InspectionErrors.ModelTooLong;
                case "model":
                    facts.Model = text;
                    break;
                case "stream":
                    facts.Stream = IsTrue(text);
                    break;
                case "stream_include_usage":
                    facts.IncludeUsage = IsTrue(text);
                    break;
                case "max_completion_tokens":
                    facts.MaxOutputTokens = fields[name];
                    break;
            }
        }

        facts.FormFields = fields;
        return null;
    }

    /// <summary>Pydantic's words for true.</summary>
    private static bool IsTrue(string? text) => text?.ToUpperInvariant() is "TRUE" or "1" or "ON" or "YES" or "T" or "Y";

    /// <summary>A field's text; null where it is longer than any that decides something.</summary>
    private static string? TextOf(ReadOnlySequence<byte> bytes, BodyRange range) =>
        range.Length > MaxModelLength ? null : Encoding.UTF8.GetString(bytes.Slice(range.Offset, range.Length));

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
    /// Finds the value of each part that was read. False where the delimiter does not stand before each of them, at the end, and
    /// nowhere else, or does not end its line: a looser reader would see more parts than we did, and a stricter one would take
    /// "--boundary " for data.
    /// </summary>
    private static bool FindValues(ReadOnlySequence<byte> bytes, string boundary, List<string> names, List<BodyMember> values)
    {
        var delimiter = Encoding.ASCII.GetBytes($"--{boundary}");
        var reader = new SequenceReader<byte>(bytes);
        if (!reader.IsNext(delimiter, advancePast: true))
        {
            return false;
        }

        foreach (var name in names)
        {
            var start = reader.Consumed;
            if (!reader.IsNext(LineEnd) || !reader.TryReadTo(out ReadOnlySequence<byte> part, delimiter))
            {
                return false;
            }

            var value = new SequenceReader<byte>(part);
            if (!value.TryReadTo(out ReadOnlySequence<byte> _, "\r\n\r\n"u8) || value.Remaining < LineEnd.Length)
            {
                return false;
            }

            values.Add(new BodyMember(name, new BodyRange(start + value.Consumed, value.Remaining - LineEnd.Length)));
        }

        return reader.IsNext("--"u8) && !reader.TryReadTo(out ReadOnlySequence<byte> _, delimiter);
    }
}
