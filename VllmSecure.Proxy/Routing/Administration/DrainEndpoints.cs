using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing.Administration;

/// <summary><c>POST /upstreams/{name}/drain</c> and <c>/undrain</c> on the management listener.</summary>
internal static class DrainEndpoints
{
    public const string Drain = "drain";

    public const string Undrain = "undrain";

    public static string PathOf(string upstream, string action) => $"/upstreams/{Uri.EscapeDataString(upstream)}/{action}";

    public static void MapUpstreamAdministration(this IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, Drain, (servers, upstream) => servers.TryDrain(upstream));
        Map(endpoints, Undrain, (servers, upstream) => servers.TryUndrain(upstream));
    }

    private static void Map(IEndpointRouteBuilder endpoints, string action, Func<UpstreamServers, string, bool> apply) =>
        endpoints.MapManagementCommand($"/upstreams/{{name}}/{action}", context =>
        {
            var servers = context.RequestServices.GetRequiredService<UpstreamServers>();
            var name = (string)context.Request.RouteValues["name"]!;
            context.Response.StatusCode = apply(servers, name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)) // The one escape that Kestrel leaves in a path.
                ? StatusCodes.Status204NoContent
                : StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
}
