using System.Globalization;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.Health;

/// <summary><c>POST /drain</c> and <c>/undrain</c> on the management listener; the answer says in a sentence what is the case now.</summary>
internal static class DrainEndpoints
{
    public const string Drain = "/drain";

    public const string Undrain = "/undrain";

    public static void MapDrain(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapManagementCommand(Drain, context =>
        {
            var running = context.RequestServices.GetRequiredService<RunningRequests>();
            running.Close();
            return context.Response.WriteAsync(string.Create(
                CultureInfo.InvariantCulture, $"Draining: new requests get 503, {running.Count} still running."), context.RequestAborted);
        });
        endpoints.MapManagementCommand(Undrain, context =>
        {
            context.RequestServices.GetRequiredService<RunningRequests>().Open();
            return context.Response.WriteAsync("New requests are served again.", context.RequestAborted);
        });
    }
}
