using System.Text.Json;

namespace VllmSecure.Proxy.Routing.Models;

/// <summary>A model as its upstream lists it.</summary>
/// <param name="Id">The name that requests carry in <c>model</c>.</param>
/// <param name="Json">The upstream's own model object.</param>
/// <param name="Upstream">Where it is served.</param>
internal sealed record ModelEntry(string Id, JsonElement Json, string Upstream)
{
    /// <summary>Writes the model object under <see cref="Id"/>, which for an alias is not the upstream's own.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var property in Json.EnumerateObject())
        {
            if (property.NameEquals("id"u8))
            {
                json.WriteString("id"u8, Id);
            }
            else
            {
                property.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }
}
