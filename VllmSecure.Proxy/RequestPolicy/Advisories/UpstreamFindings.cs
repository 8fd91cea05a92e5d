using System.Buffers;
using System.Text.Json;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.RequestPolicy.Advisories;

/// <summary>What vLLM's own words about itself mean for the proxy's tables.</summary>
internal static class UpstreamFindings
{
    private static readonly SearchValues<char> ReleaseCharacters = SearchValues.Create("0123456789.");

    /// <summary>Reads the release from the answer of <c>/version</c>; null where it says none (<c>0.33.0rc1</c> counts as 0.33.0).</summary>
    public static Version? ReadVersion(ReadOnlyMemory<byte> answer) => Read(
        answer,
        root =>
        {
            var text = root.TryGetProperty("version"u8, out var version) && version.ValueKind == JsonValueKind.String
                ? version.GetString().AsSpan().TrimStart('v')
                : default;
            var end = text.IndexOfAnyExcept(ReleaseCharacters);
            return Version.TryParse((end < 0 ? text : text[..end]).Trim('.'), out var release) ? release : null;
        },
        otherwise: null);

    /// <summary>The paths of an OpenAPI document that the table of endpoints does not have, at most 20 of them.</summary>
    public static IReadOnlyList<string> UnknownRoutes(ReadOnlyMemory<byte> openApi, IEnumerable<ApiEndpoint> known) => Read<IReadOnlyList<string>>(
        openApi,
        root =>
        {
            const int Most = 20;
            if (!root.TryGetProperty("paths"u8, out var paths) || paths.ValueKind != JsonValueKind.Object)
            {
                return [];
            }

            var table = known.Select(endpoint => Normalize(endpoint.Path)).ToHashSet(StringComparer.Ordinal);
            return [.. paths.EnumerateObject().Select(path => path.Name).Where(path => !table.Contains(Normalize(path))).Take(Most)];
        },
        otherwise: []);

    /// <summary>Parameters have other names there: <c>/v1/responses/{response_id}</c>.</summary>
    private static string Normalize(string path) =>
        string.Join('/', path.TrimEnd('/').Split('/').Select(segment => segment.StartsWith('{') ? "{}" : segment));

    /// <summary>What an object says; for anything else, and for one with text that is none (half a surrogate pair), the other value.</summary>
    private static T Read<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T> read, T otherwise)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : otherwise;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return otherwise;
        }
    }
}
