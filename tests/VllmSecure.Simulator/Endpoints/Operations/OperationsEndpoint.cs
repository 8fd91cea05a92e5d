using System.Text;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Operations;

/// <summary>What vLLM lets anybody see and do who can reach its port.</summary>
internal static class OperationsEndpoint
{
    public static Task VersionAsync(Exchange exchange) => exchange.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteString("version", exchange.Options.Version);
        json.WriteEndObject();
    });

    public static Task LoadAsync(Exchange exchange) => exchange.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("server_load", exchange.Server.InFlight);
        json.WriteEndObject();
    });

    public static Task ServerInfoAsync(Exchange exchange) => exchange.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteString("vllm_config", $"model='{exchange.Options.Models[0]}', max_seq_len={exchange.Options.MaxModelLength}");
        json.WriteEndObject();
    });

    public static Task DocsAsync(Exchange exchange) => exchange.WriteAsync(
        Encoding.UTF8.GetBytes("<!DOCTYPE html><html><head><title>FastAPI - Swagger UI</title></head><body></body></html>"),
        "text/html; charset=utf-8");

    public static Task ResetPrefixCacheAsync(Exchange exchange)
    {
        exchange.Server.Engine.PrefixCache.Clear();
        return AcknowledgeAsync(exchange);
    }

    /// <summary>200 and an empty object: nothing is done, but whoever sees it has got through.</summary>
    public static Task AcknowledgeAsync(Exchange exchange) => exchange.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteEndObject();
    });

    /// <summary>Turns a state on or off that <see cref="Tell"/> tells.</summary>
    public static EndpointHandler Switch(string state, bool on) => exchange =>
    {
        exchange.Server.Switches[state] = on;
        return AcknowledgeAsync(exchange);
    };

    public static EndpointHandler Tell(string state) => exchange => exchange.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean(state, exchange.Server.Switches.GetValueOrDefault(state));
        json.WriteEndObject();
    });
}
