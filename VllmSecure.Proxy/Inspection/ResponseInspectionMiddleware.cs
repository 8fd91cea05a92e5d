using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>Taps the answers of the upstream: publishes usage and timings, keeps silent streams alive, ends broken ones in words.</summary>
internal sealed class ResponseInspectionMiddleware(RequestDelegate next, IOptions<InspectionOptions> options, TimeProvider clock)
{
    private readonly TimeSpan _keepAlive = TimeSpan.FromSeconds(options.Value.KeepAliveSeconds);

    public async Task InvokeAsync(HttpContext context)
    {
        var exchange = ProxyExchange.Of(context);
        if (exchange.Endpoint is null or { Class: EndpointClass.Realtime })
        {
            await next(context);
            return;
        }

        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var reset = context.Features.Get<IHttpResetFeature>();
        var deferred = new DeferredReset();
        await using var tap = new ResponseTap(body.Stream, context.Response, exchange, clock);
        using var keepAlive = exchange.Request is { Stream: true } && _keepAlive > TimeSpan.Zero
            ? new StreamKeepAlive(tap, exchange, _keepAlive, clock)
            : null;
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(tap, body));
        context.Features.Set<IHttpResetFeature>(deferred);
        var hasThrown = true;
        try
        {
            await next(context);
            hasThrown = false;
        }
        finally
        {
            context.Features.Set(body);
            context.Features.Set(reset);
            var isClientThere = !exchange.Aborted.IsCancellationRequested || exchange.AbortReason is not null;
            if (!await tap.CloseAsync(hasThrown || deferred.ErrorCode is not null, isClientThere) && deferred.ErrorCode is { } code)
            {
                Cut(context, reset, code);
            }
        }
    }

    /// <summary>What the forwarder wanted in the first place.</summary>
    private static void Cut(HttpContext context, IHttpResetFeature? reset, int code)
    {
        if (reset is not null)
        {
            reset.Reset(code);
        }
        else
        {
            context.Abort();
        }
    }
}
