using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.ApiSurface;

/// <summary>
/// The route firewall: default deny. A request passes if its raw path is an open endpoint of the table and its method is
/// one of that endpoint's; what goes on from here is the table's path, not the client's.
/// </summary>
internal sealed class ApiSurfaceMiddleware(RequestDelegate next, ApiSurfaceTable table, IOptions<ApiSurfaceOptions> options)
{
    private readonly ApiSurfaceOptions _options = options.Value;

    public Task InvokeAsync(HttpContext context)
    {
        var rawTarget = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!table.TryMatch(RequestTarget.PathOf(rawTarget), out var match))
        {
            return context.WriteErrorAsync(ApiErrors.UnknownEndpoint);
        }

        var endpoint = match.Endpoint;
        if (!IsOpen(endpoint.Class))
        {
            return context.WriteErrorAsync(Closed(endpoint));
        }

        var request = context.Request;
        if (!endpoint.Methods.Contains(request.Method, StringComparer.Ordinal))
        {
            context.Response.Headers.Allow = endpoint.Allow;
            return context.WriteErrorAsync(WrongMethod(endpoint));
        }

        var exchange = ProxyExchange.Of(context);
        exchange.Endpoint = endpoint;
        exchange.ResourceId = match.ResourceId;
        request.PathBase = PathString.Empty;
        request.Path = match.Path;
        if (!endpoint.IsStateful)
        {
            // No other endpoint of vLLM reads a query, and clients put keys there.
            request.QueryString = QueryString.Empty;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bodySize)
        {
            bodySize.MaxRequestBodySize = endpoint.AcceptsMedia ? _options.MaxMediaBodyBytes : _options.MaxBodyBytes;
        }

        return next(context);
    }

    private bool IsOpen(EndpointClass endpointClass) => endpointClass switch
    {
        EndpointClass.Inference or EndpointClass.Models => true,
        EndpointClass.Tokenizer => _options.Tokenizer,
        EndpointClass.Realtime => _options.Realtime,
        _ => false,
    };

    private static ApiError Closed(ApiEndpoint endpoint) => new(
        StatusCodes.Status404NotFound, ApiErrorTypes.NotFound, "endpoint_closed",
        endpoint.Class is EndpointClass.Tokenizer or EndpointClass.Realtime
            ? $"{endpoint.Path} is closed on this server. Its operator can open it with ApiSurface:{endpoint.Class}."
            : $"{endpoint.Path} is one of vLLM's {endpoint.Class.ToString().ToLowerInvariant()} endpoints, which are never open to clients.");

    private static ApiError WrongMethod(ApiEndpoint endpoint) => new(
        StatusCodes.Status405MethodNotAllowed, ApiErrorTypes.InvalidRequest, "method_not_allowed",
        $"{endpoint.Path} takes {endpoint.Allow} only.");
}
