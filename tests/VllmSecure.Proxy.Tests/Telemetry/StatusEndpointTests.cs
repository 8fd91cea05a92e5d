using System.Text.Json;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Tests.Telemetry;

public sealed class StatusEndpointTests
{
    [Fact]
    public void Serialize_Contributors_AreOneObjectInOrderOfName()
    {
        using var json = JsonDocument.Parse(StatusEndpoint.Serialize([new Part("upstreams"), new Part("certificates")]));

        Assert.Equal(["certificates", "upstreams"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal("upstreams", json.RootElement.GetProperty("upstreams").GetProperty("of").GetString());
    }

    private sealed class Part(string name) : IStatusContributor
    {
        public string Name => name;

        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("of", name);
            json.WriteEndObject();
        }
    }
}
