using Microsoft.AspNetCore.Http.Features;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>Reads a request body whole, under its endpoint's limit and the common budget, straight into rented memory.</summary>
internal static class BodyReader
{
    /// <summary>The limit that the route firewall or the server set; null: none.</summary>
    public static long? LimitOf(HttpContext context) => context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;

    /// <summary>Whether the announced length breaks the limit already.</summary>
    public static bool IsTooLarge(HttpContext context, out ApiError error)
    {
        if (LimitOf(context) is { } limit && context.Request.ContentLength > limit)
        {
            // Without a limit the server drains what the client is still sending, for a few seconds: closing at once would
            // reset the connection, and the client would never read why.
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
            error = ApiErrors.BodyTooLarge(limit);
            return true;
        }

        error = ApiErrors.InternalError;
        return false;
    }

    /// <summary>Fills <paramref name="body"/>; the error, or null when all of it is there.</summary>
    public static async ValueTask<ApiError?> ReadAsync(HttpContext context, PooledBody body)
    {
        var request = context.Request;
        var limit = LimitOf(context) ?? long.MaxValue;
        try
        {
            while (true)
            {
                if (!body.TryGetMemory(request.ContentLength - body.Length, out var memory))
                {
                    return InspectionErrors.NoMemory;
                }

                var count = await request.Body.ReadAsync(memory, context.RequestAborted);
                if (count == 0)
                {
                    return null;
                }

                body.Advance(count);
                if (body.Length > limit)
                {
                    return ApiErrors.BodyTooLarge(limit);
                }

                // All that was announced is there: no new segment only to see the end.
                if (body.Length == request.ContentLength)
                {
                    return null;
                }
            }
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return ApiErrors.BodyTooLarge(limit);
        }
        catch (IOException exception) when (exception.InnerException is OverflowException)
        {
            // A chunk of more than 31 bits: Kestrel has a BadHttpRequestException for every other malformed chunk.
            return ApiErrors.ForStatus(StatusCodes.Status400BadRequest);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            // The client has reset the stream or the connection. Kestrel cancels RequestAborted too, but may do so later, from another thread.
            var exchange = ProxyExchange.Of(context);
            exchange.Abort(ExchangeOutcome.ClientLeft);
            throw new OperationCanceledException("The client has left within its body.", exception, exchange.Aborted);
        }
    }
}
