using System.Text.Json;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints;

/// <summary>GET /v1/models. vLLM has no /v1/models/{id}.</summary>
internal static class ModelsEndpoint
{
    private static readonly string[] Allowed = ["allow_sampling", "allow_logprobs", "allow_view"];

    private static readonly string[] Forbidden = ["allow_create_engine", "allow_search_indices", "allow_fine_tuning", "is_blocking"];

    public static Task HandleAsync(Exchange exchange) => exchange.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var model in exchange.Options.Models)
        {
            WriteModel(json, exchange, model, model, parent: null);
        }

        foreach (var (name, path) in exchange.Server.Adapters.OrderBy(adapter => adapter.Key, StringComparer.Ordinal))
        {
            WriteModel(json, exchange, name, path, exchange.Options.Models[0]);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteModel(Utf8JsonWriter json, Exchange exchange, string model, string root, string? parent)
    {
        json.WriteStartObject();
        json.WriteString("id", model);
        json.WriteString("object", "model");
        json.WriteNumber("created", exchange.Server.UnixTime);
        json.WriteString("owned_by", "vllm");
        json.WriteString("root", root);
        json.WriteString("parent", parent);
        json.WritePropertyName("max_model_len");
        if (parent is null)
        {
            json.WriteNumberValue(exchange.Options.MaxModelLength);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteStartArray("permission");
        json.WriteStartObject();
        json.WriteString("id", "modelperm-" + exchange.Server.NewId());
        json.WriteString("object", "model_permission");
        json.WriteNumber("created", exchange.Server.UnixTime);
        foreach (var name in Allowed)
        {
            json.WriteBoolean(name, value: true);
        }

        foreach (var name in Forbidden)
        {
            json.WriteBoolean(name, value: false);
        }

        json.WriteString("organization", "*");
        json.WriteNull("group");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
