namespace VllmSecure.Proxy.Commands;

/// <summary>Commands that change the running proxy, by POST on the management listener.</summary>
internal static class ManagementCommands
{
    /// <summary>
    /// Has to be there, with any value. The management listener is on loopback without authentication: a page in a browser
    /// there can post to it, but only with headers of which this is none, unless the listener allows it (it answers no CORS).
    /// </summary>
    public const string Header = "X-VllmSecure-Command";

    /// <summary>Maps a command; without the header it is 403 and nothing is done.</summary>
    public static void MapManagementCommand(this IEndpointRouteBuilder endpoints, string pattern, RequestDelegate command) =>
        endpoints.MapMethods(pattern, [HttpMethods.Post], context =>
        {
            if (context.Request.Headers.ContainsKey(Header))
            {
                return command(context);
            }

            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }).DisableHttpMetrics();
}
