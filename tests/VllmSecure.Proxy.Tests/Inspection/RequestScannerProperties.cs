using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using VllmSecure.Proxy.Inspection;

namespace VllmSecure.Proxy.Tests.Inspection;

/// <summary>The scanner against System.Text.Json's document model as the oracle.</summary>
public class RequestScannerProperties
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [Fact]
    public void Scan_AnyTextAnySplit_AcceptsWhatTheOracleAccepts() =>
        Gen.Select(JsonGen.Mutated, Gen.Int.Array[0, 8]).Sample(
            (bytes, cuts) =>
            {
                var scan = RequestScanner.Scan(Segments.Of(bytes, cuts), new InspectionOptions());

                // A wrong type is refused before the end of the text is seen, so the oracle need not agree there.
                Assert.True(
                    scan.Error?.Code == "invalid_type" || scan.Error is null == OracleAccepts(bytes),
                    $"{scan.Error?.Code}: {Convert.ToBase64String(bytes)}");
            },
            iter: 20_000);

    [Fact]
    public void Scan_AnyObjectAnySplit_FindsMembersAndFactsOfTheOracle() =>
        Gen.Select(JsonGen.Object, Gen.Int.Array[0, 8]).Sample(
            (text, cuts) =>
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                var sequence = Segments.Of(bytes, cuts);
                var scan = RequestScanner.Scan(sequence, new InspectionOptions());
                if (scan.Error is not null)
                {
                    return;
                }

                using var document = JsonDocument.Parse(bytes);
                var expected = document.RootElement.EnumerateObject().ToArray();
                Assert.Equal(
                    expected.Select(member => (member.Name, member.Value.GetRawText())),
                    scan.Members.Select(member =>
                        (member.Name, Encoding.UTF8.GetString(sequence.Slice(member.Value.Offset, member.Value.Length)))));
                AssertFacts(document.RootElement, scan);
            },
            iter: 20_000);

    [Fact]
    public void Utf8Check_AnyBytesAnySplit_AgreesWithTheStrictDecoder() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array[0, 12], Gen.String.Select(Encoding.UTF8.GetBytes)), Gen.Int.Array[0, 8]).Sample(
            (bytes, cuts) => Utf8Check.IsValid(Segments.Of(bytes, cuts)) == IsUtf8(bytes),
            iter: 50_000);

    private static void AssertFacts(JsonElement root, RequestScan scan)
    {
        Assert.Equal(root.TryGetProperty("model", out var model) ? model.GetString() : null, scan.Facts.Model);
        Assert.Equal(root.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True, scan.Facts.Stream);
        Assert.Equal(
            root.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object
                && options.TryGetProperty("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True,
            scan.Facts.IncludeUsage);
        Assert.Equal(
            root.TryGetProperty("n", out var n) && n.ValueKind == JsonValueKind.Number ? n.GetInt64() : 1, scan.Facts.Choices);
    }

    private static bool OracleAccepts(byte[] bytes)
    {
        if (!IsUtf8(bytes))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String)
            {
                model.GetString();
            }

            return root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Any();
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // A name or the model with half a surrogate pair.
            return false;
        }
    }

    private static bool IsUtf8(byte[] bytes)
    {
        try
        {
            StrictUtf8.GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
