using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.ApiSurface;

/// <summary>
/// Finds the endpoint of a raw request path by exact comparison. Nothing is decoded or normalised first: <c>//</c>,
/// <c>/./</c>, <c>%2e</c>, <c>;</c> or another case simply are no endpoint, so no decoder can disagree with another.
/// </summary>
internal sealed class ApiSurfaceTable
{
    private const string IdPlaceholder = "{id}";
    private const int MaxIdLength = 512;

    private readonly FrozenDictionary<string, ApiEndpoint>.AlternateLookup<ReadOnlySpan<char>> _exact;
    private readonly ApiEndpoint _model;
    private readonly ApiEndpoint _response;
    private readonly ApiEndpoint _responseCancel;

    public ApiSurfaceTable(IEnumerable<ApiEndpoint> endpoints)
    {
        var all = endpoints.ToDictionary(endpoint => endpoint.Path, StringComparer.Ordinal);
        _model = all["/v1/models/{id}"];
        _response = all["/v1/responses/{id}"];
        _responseCancel = all["/v1/responses/{id}/cancel"];
        _exact = all
            .Where(pair => !pair.Key.Contains(IdPlaceholder, StringComparison.Ordinal))
            .ToFrozenDictionary(StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Finds the endpoint of a raw path (<see cref="RequestTarget.PathOf"/>).</summary>
    public bool TryMatch(ReadOnlySpan<char> rawPath, out EndpointMatch match)
    {
        if (_exact.TryGetValue(rawPath, out var endpoint))
        {
            match = new EndpointMatch(endpoint, endpoint.Path);
            return true;
        }

        return TryMatchModel(rawPath, out match) || TryMatchResponse(rawPath, out match);
    }

    /// <summary>Model ids may hold slashes (<c>Qwen/Qwen3-0.6B</c>), written as such or as %2F. They are looked up here, never forwarded.</summary>
    private bool TryMatchModel(ReadOnlySpan<char> rawPath, out EndpointMatch match)
    {
        match = default;
        if (!TryStrip(rawPath, "/v1/models/", out var rawId))
        {
            return false;
        }

        var id = Uri.UnescapeDataString(rawId);
        if (id.AsSpan().ContainsAnyInRange('\0', '\x1f') || id.Split('/').Any(segment => segment is "" or "." or ".."))
        {
            return false;
        }

        match = new EndpointMatch(_model, _model.Path, id);
        return true;
    }

    /// <summary>Response ids are vLLM's own (<c>resp_…</c>): letters, digits, underscore and hyphen, so nothing needs decoding.</summary>
    private bool TryMatchResponse(ReadOnlySpan<char> rawPath, out EndpointMatch match)
    {
        match = default;
        if (!TryStrip(rawPath, "/v1/responses/", out var rest))
        {
            return false;
        }

        var endpoint = _response;
        if (rest.EndsWith("/cancel", StringComparison.Ordinal))
        {
            endpoint = _responseCancel;
            rest = rest[..^"/cancel".Length];
        }

        if (rest.IsEmpty || rest.ContainsAnyExcept(UrlSafe.Characters))
        {
            return false;
        }

        var id = rest.ToString();
        match = new EndpointMatch(endpoint, endpoint.Path.Replace(IdPlaceholder, id, StringComparison.Ordinal), id);
        return true;
    }

    private static bool TryStrip(ReadOnlySpan<char> path, [ConstantExpected] string prefix, out ReadOnlySpan<char> rest)
    {
        var matches = path.StartsWith(prefix, StringComparison.Ordinal) && path.Length <= prefix.Length + MaxIdLength;
        rest = matches ? path[prefix.Length..] : default;
        return matches;
    }
}
