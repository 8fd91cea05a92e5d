using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Operations;

/// <summary>GET /health, and /ping under either method: an empty 200, or 503 when the engine is dead.</summary>
internal static class HealthEndpoint
{
    public static Task HandleAsync(Exchange exchange)
    {
        var response = exchange.Http.Response;
        response.StatusCode = exchange.Server.Faults.EngineDead ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
