using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>Lets a request pass only with a live key. Works on the headers alone: the body stays unread for strangers.</summary>
internal sealed class ApiKeysMiddleware(RequestDelegate next, ApiKeyStore store, TimeProvider clock)
{
    public Task InvokeAsync(HttpContext context)
    {
        var exchange = ProxyExchange.Of(context);
        var dialect = exchange.Endpoint?.Dialect ?? ApiEndpoint.DialectOf(context.Request.Path.Value);
        var secret = PresentedCredential.Take(context.Request.Headers, dialect, out var verdict);
        if (secret is not null)
        {
            verdict = store.Current.Judge(secret, clock.GetUtcNow(), out var client);
            exchange.Client = client;
        }

        else if (exchange.CertificateKeyId is { } id && store.Current.TryGet(id, clock.GetUtcNow()) is { } client)
        {
            // TLS has proven who this is: a certificate that stands for a key needs no secret beside it.
            (exchange.Client, verdict) = (client, ApiKeyVerdict.Accepted);
        }

        if (verdict == ApiKeyVerdict.Accepted)
        {
            return next(context);
        }

        // RFC 9110 section 11.6.1: a 401 names the scheme that would do.
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return context.WriteErrorAsync(ApiKeyErrors.For(verdict, dialect));
    }
}
