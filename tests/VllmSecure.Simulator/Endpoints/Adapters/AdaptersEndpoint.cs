using System.Text;
using System.Text.Json;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Adapters;

/// <summary>POST /v1/load_lora_adapter and /v1/unload_lora_adapter: any key that may chat may also change what is served.</summary>
internal static class AdaptersEndpoint
{
    public static Task LoadAsync(Exchange exchange)
    {
        var body = exchange.ReadJson();
        var name = Name(body);
        var path = Json.String(body, "lora_path") ?? throw ApiException.BadRequest("Both 'lora_name' and 'lora_path' must be provided.");
        return exchange.Server.Adapters.TryAdd(name, path)
            ? SayAsync(exchange, $"Success: LoRA adapter '{name}' added successfully.")
            : throw ApiException.BadRequest($"The lora adapter '{name}' has already been loaded.");
    }

    public static Task UnloadAsync(Exchange exchange)
    {
        var name = Name(exchange.ReadJson());
        return exchange.Server.Adapters.TryRemove(name, out _)
            ? SayAsync(exchange, $"Success: LoRA adapter '{name}' removed successfully.")
            : throw new ApiException(StatusCodes.Status404NotFound, "NotFoundError", $"The lora adapter '{name}' cannot be found.");
    }

    private static string Name(JsonElement body) =>
        Json.String(body, "lora_name") ?? throw ApiException.BadRequest("'lora_name' needs to be provided.");

    private static Task SayAsync(Exchange exchange, string text) =>
        exchange.WriteAsync(Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8");
}
