using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing.Administration;

/// <summary><c>POST /upstreams/{name}/drain</c> and <c>/undrain</c> on the management listener.</summary>
internal static class DrainEndpoints
{
    /// <summary>
    /// Has to be there, with any value. The management listener is on loopback without authentication: a page in a browser
    /// there can post to it, but only with headers of which this is none, unless the listener allows it (it answers no CORS).
    /// </summary>
    public const string Header = "X-VllmSecure-Command";

    public const string Drain = "drain";

    public const string Undrain = "undrain";

    public static string PathOf(string upstream, string action) => $"/upstreams/{Uri.EscapeDataString(upstream)}/{action}";

    public static void MapUpstreamAdministration(this IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, Drain, (servers, upstream) => servers.TryDrain(upstream));
        Map(endpoints, Undrain, (servers, upstream) => servers.TryUndrain(upstream));
    }

    private static void Map(IEndpointRouteBuilder endpoints, string action, Func<UpstreamServers, string, bool> apply) =>
        endpoints.MapMethods($"/upstreams/{{name}}/{action}", [HttpMethods.Post], context =>
        {
            var servers = context.RequestServices.GetRequiredService<UpstreamServers>();
            context.Response.StatusCode = !context.Request.Headers.ContainsKey(Header) ? StatusCodes.Status403Forbidden
                : apply(servers, (string)context.Request.RouteValues["name"]!) ? StatusCodes.Status204NoContent
                : StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }).DisableHttpMetrics();
}
