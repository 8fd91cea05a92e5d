using System.Net.Sockets;
using VllmSecure.Proxy.Exchange;
using Yarp.ReverseProxy.Forwarder;

namespace VllmSecure.Proxy.Errors;

/// <summary>
/// What a failure of YARP's forwarder means to the client and to the exchange. YARP answers with bare status codes; the
/// only file outside Routing and Health that knows its types.
/// </summary>
internal static class ForwarderErrorMapping
{
    /// <summary>Whether YARP reported a failure for this request.</summary>
    public static bool TryGet(HttpContext context, out ExchangeOutcome outcome, out ApiError error)
    {
        if (context.Features.Get<IForwarderErrorFeature>() is not { } failure)
        {
            (outcome, error) = (ExchangeOutcome.Ok, ApiErrors.InternalError);
            return false;
        }

        (outcome, error) = Map(failure.Error, failure.Exception);
        if (failure.Error == ForwarderError.Request && error == ApiErrors.UpstreamFailed && ProxyExchange.Of(context).ServerWasFailing)
        {
            // A container's published port takes connections, and closes them, before vLLM listens in the container.
            error = ApiErrors.UpstreamLoading;
        }

        return true;
    }

    public static (ExchangeOutcome Outcome, ApiError Error) Map(ForwarderError error, Exception? exception) => error switch
    {
        // The client's body broke a limit or a rule of HTTP while it was being forwarded.
        _ when Find<BadHttpRequestException>(exception) is { } bad => (ExchangeOutcome.Refused, ApiErrors.ForStatus(bad.StatusCode)),
        ForwarderError.NoAvailableDestinations => (ExchangeOutcome.UpstreamFailed, ApiErrors.NoUpstream),
        ForwarderError.Request when IsConnectionRefused(exception) => (ExchangeOutcome.UpstreamFailed, ApiErrors.UpstreamLoading),
        // YARP calls a connection that could not be made in time a request that timed out.
        ForwarderError.Request or ForwarderError.RequestTimedOut when IsConnectFailure(exception) => (ExchangeOutcome.UpstreamFailed, ApiErrors.UpstreamUnreachable),
        ForwarderError.RequestTimedOut => (ExchangeOutcome.TimedOut, ApiErrors.UpstreamTimedOut),
        ForwarderError.RequestCanceled
            or ForwarderError.RequestBodyCanceled
            or ForwarderError.RequestBodyClient
            or ForwarderError.ResponseBodyCanceled
            or ForwarderError.ResponseBodyClient
            or ForwarderError.UpgradeRequestCanceled
            or ForwarderError.UpgradeRequestClient
            or ForwarderError.UpgradeResponseCanceled
            or ForwarderError.UpgradeResponseClient => (ExchangeOutcome.ClientLeft, ApiErrors.ForStatus(StatusCodes.Status400BadRequest)),
        ForwarderError.ResponseHeaders when exception is OperationCanceledException => (ExchangeOutcome.ClientLeft, ApiErrors.ForStatus(StatusCodes.Status400BadRequest)),
        ForwarderError.UpgradeActivityTimeout => (ExchangeOutcome.TimedOut, ApiErrors.UpstreamTimedOut),
        _ => (ExchangeOutcome.UpstreamFailed, ApiErrors.UpstreamFailed),
    };

    /// <summary>vLLM listens only once its model is loaded, so a refused connection is its sign of loading.</summary>
    private static bool IsConnectionRefused(Exception? exception) =>
        Find<SocketException>(exception)?.SocketErrorCode == SocketError.ConnectionRefused;

    private static bool IsConnectFailure(Exception? exception) =>
        exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError,
        }
        || Find<TimeoutException>(exception) is not null;

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is T found)
            {
                return found;
            }
        }

        return null;
    }
}
