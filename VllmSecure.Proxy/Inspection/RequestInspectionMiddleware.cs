using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// Reads the body of a request, once, before anything decides about it, and hands it on as a stream with a known length.
/// </summary>
internal sealed class RequestInspectionMiddleware(RequestDelegate next, BodyBudget budget, IOptions<InspectionOptions> options)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (BodyHeaders.HasUnknownTransferCoding(context.Request.Headers))
        {
            if (!HttpProtocol.IsHttp2(context.Request.Protocol))
            {
                context.Response.Headers.Connection = "close"; // Where its body ends is not certain, so neither is where the next request begins.
            }

            await context.WriteErrorAsync(InspectionErrors.UnknownTransferCoding);
            return;
        }

        if (BodyReader.IsTooLarge(context, out var tooLarge))
        {
            await context.WriteErrorAsync(tooLarge);
            return;
        }

        var exchange = ProxyExchange.Of(context);
        if (exchange.Endpoint is not { Format: not WireFormat.Opaque, IsStateful: false } endpoint || !HttpMethods.IsPost(context.Request.Method))
        {
            await next(context);
            return;
        }

        if (BodyHeaders.Check(context.Request.Headers, endpoint.Format) is { } unsupported)
        {
            if (ReferenceEquals(unsupported, InspectionErrors.UnsupportedEncoding))
            {
                // RFC 9110 section 12.5.3: a 415 for a coding names those that are taken.
                context.Response.Headers.AcceptEncoding = "identity";
            }

            await context.WriteErrorAsync(unsupported);
            return;
        }

        using var memory = new PooledBody(budget);
        if (await BodyReader.ReadAsync(context, memory) is { } unread)
        {
            await context.WriteErrorAsync(unread);
            return;
        }

        var bytes = memory.Complete();
        var boundary = endpoint.Format == WireFormat.Form ? FormBoundary.Find(context.Request.Headers.ContentType) : null;
        var scan = boundary is null
            ? RequestScanner.Scan(bytes, options.Value)
            : await FormScanner.ScanAsync(bytes, boundary, context.RequestAborted);
        if (scan.Error is { } invalid)
        {
            await context.WriteErrorAsync(invalid);
            return;
        }

        var body = new RequestBody(context.Request, bytes, scan.Root, scan.Members);
        exchange.Request = scan.Facts;
        var needsUsage = UsageRequest.IsNeeded(endpoint, scan.Facts);
        if (boundary is null)
        {
            exchange.Body = body;
            if (needsUsage)
            {
                UsageRequest.Add(body);
            }
        }
        else if (needsUsage)
        {
            UsageRequest.AddToForm(body, boundary);
        }

        await HandOnAsync(context, new ReplayStream(memory, body));
    }

    private async Task HandOnAsync(HttpContext context, ReplayStream body)
    {
        var request = context.Request;
        var original = request.Body;
        request.Body = body;
        request.ContentLength = body.Length;

        // The body is here, with a length: chunks and the client's wait for a 100 ended at this proxy.
        request.Headers.Remove(HeaderNames.TransferEncoding);
        request.Headers.Remove(HeaderNames.Expect);
        try
        {
            await next(context);
        }
        finally
        {
            request.Body = original;
        }
    }
}
