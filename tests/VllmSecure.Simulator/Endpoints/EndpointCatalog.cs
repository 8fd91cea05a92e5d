using VllmSecure.Simulator.Endpoints.Chat;
using VllmSecure.Simulator.Endpoints.Completions;
using VllmSecure.Simulator.Endpoints.Operations;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints;

/// <summary>Every path of <c>vllm serve</c>, those that nobody should reach through a proxy included.</summary>
internal static class EndpointCatalog
{
    public static EndpointTable Create()
    {
        var table = new EndpointTable();
        table.Get("/v1/models", ModelsEndpoint.HandleAsync);
        table.Inference("/v1/chat/completions", ChatEndpoint.HandleAsync);
        table.Inference("/v1/completions", CompletionsEndpoint.HandleAsync);
        table.Get("/health", HealthEndpoint.HandleAsync);
        table.Get("/ping", HealthEndpoint.HandleAsync);
        table.Post("/ping", HealthEndpoint.HandleAsync);
        return table;
    }
}
