using System.Text.Json;

namespace VllmSecure.Proxy.Routing.Models;

/// <summary>A model as its upstream lists it.</summary>
/// <param name="Id">The name that requests carry in <c>model</c>.</param>
/// <param name="Json">The upstream's own model object.</param>
/// <param name="Upstream">Where it is served.</param>
internal sealed record ModelEntry(string Id, JsonElement Json, string Upstream);
