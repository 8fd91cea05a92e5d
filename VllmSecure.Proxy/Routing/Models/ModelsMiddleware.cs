using System.Buffers;
using System.Text.Json;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Routing.Models;

/// <summary>Answers <c>/v1/models</c> and <c>/v1/models/{id}</c> from the upstreams' own listings (vLLM itself has no single-model endpoint).</summary>
internal sealed class ModelsMiddleware(RequestDelegate next, ModelCatalog catalog)
{
    public Task InvokeAsync(HttpContext context)
    {
        var exchange = ProxyExchange.Of(context);
        return exchange.Endpoint is { Class: EndpointClass.Models } ? AnswerAsync(context, exchange) : next(context);
    }

    private async Task AnswerAsync(HttpContext context, ProxyExchange exchange)
    {
        var listing = await catalog.GetAsync(context.RequestAborted);
        if (listing.Ready.Count == 0)
        {
            await context.WriteErrorAsync(listing.IsLoading ? ApiErrors.UpstreamLoading : ApiErrors.NoUpstream);
            return;
        }

        if (exchange.ResourceId is not { } id)
        {
            await WriteAsync(context, json => WriteList(json, listing.Models.Where(model => exchange.Client?.MayUseModel(model.Id) != false)));
            return;
        }

        if (listing.Find(id) is { } model)
        {
            await WriteAsync(context, model.WriteTo);
            return;
        }

        await context.WriteErrorAsync(NotFound(id));
    }

    private static void WriteList(Utf8JsonWriter json, IEnumerable<ModelEntry> models)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var model in models)
        {
            model.WriteTo(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    /// <summary>vLLM's own words and code for a model it does not have, so that clients see one error for both.</summary>
    private static ApiError NotFound(string id) => new(
        StatusCodes.Status404NotFound, "NotFoundError", "model_not_found", $"The model `{id}` does not exist.")
    { Param = "model" };
}
