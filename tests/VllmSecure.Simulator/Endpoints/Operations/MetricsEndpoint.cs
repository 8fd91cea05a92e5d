using System.Text;
using VllmSecure.Simulator.Http;
using VllmSecure.Simulator.Metrics;

namespace VllmSecure.Simulator.Endpoints.Operations;

/// <summary>GET /metrics.</summary>
internal static class MetricsEndpoint
{
    public static Task HandleAsync(Exchange exchange) => exchange.WriteAsync(
        Encoding.UTF8.GetBytes(EngineMetricsText.Write(exchange.Server.Engine, exchange.Options)),
        "text/plain; version=0.0.4; charset=utf-8");
}
