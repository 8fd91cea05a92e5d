using System.Text;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>Refuses what a body may not ask for, and writes into it what must not be left to the client.</summary>
internal sealed class RequestPolicyMiddleware(RequestDelegate next, PolicyOverrides policies, CacheSalt salt)
{
    public Task InvokeAsync(HttpContext context)
    {
        var exchange = ProxyExchange.Of(context);
        if (exchange is { Endpoint.IsStateful: true, MayUseState: false })
        {
            // vLLM keeps answers by their id alone: any key could read or cancel another's.
            return context.WriteErrorAsync(ApiErrors.UnknownResponse);
        }

        var options = policies.For(exchange.Client?.KeyId);
        if (exchange.Request is { FormFields.Count: > 0 } form && FormPolicy.Check(form, options) is { } refused)
        {
            return context.WriteErrorAsync(refused);
        }

        if (exchange is not { Endpoint: { } endpoint, Body: { } body })
        {
            return next(context);
        }

        if (PolicyReader.Check(body.Bytes, options, exchange.MayUseState) is { } refusal)
        {
            return context.WriteErrorAsync(refusal);
        }

        if (endpoint.Format == WireFormat.Responses && !exchange.MayUseState)
        {
            body.SetMember("store", "false"u8);
        }

        if (options.CacheSaltPerKey && exchange.Client is { } client && TakesSalt(endpoint))
        {
            exchange.CacheSalt = salt.For(client.KeyId);
            body.SetMember("cache_salt", Encoding.UTF8.GetBytes($"\"{exchange.CacheSalt}\""));
        }

        return next(context);
    }

    /// <summary>
    /// The requests of vLLM that know the field; embeddings of plain text only of late, and older releases pass over it.
    /// Anthropic's and Cohere's do not.
    /// </summary>
    private static bool TakesSalt(ApiEndpoint endpoint) =>
        endpoint.Format is WireFormat.ChatCompletions or WireFormat.Completions or WireFormat.Responses or WireFormat.Embeddings;
}
