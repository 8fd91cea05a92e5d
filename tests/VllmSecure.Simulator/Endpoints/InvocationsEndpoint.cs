using VllmSecure.Simulator.Endpoints.Chat;
using VllmSecure.Simulator.Endpoints.Completions;
using VllmSecure.Simulator.Endpoints.Pooling;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints;

/// <summary>POST /invocations: SageMaker's alias of every kind of inference, told apart by the body, and asking no key.</summary>
internal static class InvocationsEndpoint
{
    public static Task HandleAsync(Exchange exchange)
    {
        var body = exchange.ReadJson();
        bool Has(string name) => Json.Member(body, name) is not null;
        return Has("messages") ? ChatEndpoint.HandleAsync(exchange)
            : Has("prompt") ? CompletionsEndpoint.HandleAsync(exchange)
            : Has("input") ? EmbeddingsEndpoint.EmbedAsync(exchange)
            : Has("query") ? ScoreEndpoint.RerankAsync(exchange)
            : Has("text_1") || Has("queries") || Has("data_1") ? ScoreEndpoint.ScoreAsync(exchange)
            : throw ApiException.Framework(StatusCodes.Status400BadRequest, "Cannot find suitable handler for request.");
    }
}
