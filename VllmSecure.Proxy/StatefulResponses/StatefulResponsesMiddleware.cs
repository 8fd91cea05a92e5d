using System.Text.Json;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.StatefulResponses;

/// <summary>
/// vLLM gives a kept response to whoever knows its id, on the server that made it. So an id belongs to the key that it was
/// given to, and a request that uses it goes to its server or nowhere.
/// </summary>
internal sealed class StatefulResponsesMiddleware(RequestDelegate next, ResponseOwners owners, IOptions<StatefulResponsesOptions> options)
{
    public Task InvokeAsync(HttpContext context)
    {
        var exchange = ProxyExchange.Of(context);
        if (!options.Value.Enabled || exchange is not { Endpoint: { Format: WireFormat.Responses } endpoint, Client.KeyId: var key })
        {
            return next(context);
        }

        var id = endpoint.IsStateful ? exchange.ResourceId : PreviousOf(exchange.Body);
        if (id is not null && (exchange.BoundServer = owners.Find(id, key)) is null)
        {
            return context.WriteErrorAsync(ApiErrors.UnknownResponse);
        }

        exchange.MayUseState = true;
        if (endpoint.IsStateful)
        {
            return UseAsync(context, exchange, id!, key);
        }

        exchange.RunsOn = IsInBackground(exchange.Body);
        exchange.AnswerNamed = given => owners.Bind(given, key, exchange.Server!);
        return next(context);
    }

    private async Task UseAsync(HttpContext context, ProxyExchange exchange, string id, string key)
    {
        await next(context);
        exchange.Usage = null; // It was counted with the request that the answer was made for.
        if (HttpMethods.IsDelete(context.Request.Method) && context.Response.StatusCode < StatusCodes.Status500InternalServerError)
        {
            owners.Forget(id, key); // Also where vLLM, which has no such method so far, said 405: it is closed for good.
        }
    }

    /// <summary>Whatever is not plainly no: vLLM takes some words for true.</summary>
    private static bool IsInBackground(RequestBody? body)
    {
        if (body is null || !body.TryGetMember("background", out var range))
        {
            return false;
        }

        var reader = new Utf8JsonReader(body.Bytes.Slice(range.Offset, range.Length));
        reader.Read();
        return reader.TokenType is not (JsonTokenType.False or JsonTokenType.Null);
    }

    /// <summary>The id of the response that this one goes on from; null: of none. No id has an escape, nor is it anything but a string.</summary>
    private static string? PreviousOf(RequestBody? body)
    {
        if (body is null || !body.TryGetMember("previous_response_id", out var range))
        {
            return null;
        }

        var reader = new Utf8JsonReader(body.Bytes.Slice(range.Offset, range.Length));
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String when !reader.ValueIsEscaped => reader.GetString(),
            _ => string.Empty,
        };
    }
}
