using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>403 where a key is good but may not use the endpoint or the model. After inspection, which finds the model in the body.</summary>
internal sealed class KeyPermissionsMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        KeyPermissions.Check(ProxyExchange.Of(context)) is { } refusal ? context.WriteErrorAsync(refusal) : next(context);
}
