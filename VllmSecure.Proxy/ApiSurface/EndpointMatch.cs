using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.ApiSurface;

/// <summary>A known endpoint, and the path to ask the upstream for.</summary>
/// <param name="Endpoint">The table's entry.</param>
/// <param name="Path">The canonical path: the table's own text, so nothing of the client's spelling goes upstream.</param>
/// <param name="ResourceId">The decoded id, if the path has one.</param>
internal readonly record struct EndpointMatch(ApiEndpoint Endpoint, string Path, string? ResourceId = null);
