using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Operations;

/// <summary>GET /openapi.json: the list of every path, as FastAPI publishes it.</summary>
internal static class OpenApiEndpoint
{
    public static EndpointHandler Of(EndpointTable table) => exchange => exchange.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteString("openapi", "3.1.0");
        json.WriteStartObject("info");
        json.WriteString("title", "FastAPI");
        json.WriteString("version", "0.1.0");
        json.WriteEndObject();
        json.WriteStartObject("paths");
        foreach (var (path, methods) in table.All)
        {
            json.WriteStartObject(path);
            foreach (var method in methods)
            {
                json.WriteStartObject(method.Method.ToLowerInvariant());
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    });
}
