using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Routing.Choice;

namespace VllmSecure.Proxy.Routing.Admission;

/// <summary>A request that waits for room on a server of its route.</summary>
internal sealed class QueuedRequest(ProxyExchange exchange, RequestRoute route)
{
    private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ProxyExchange Exchange => exchange;

    /// <summary>The route by which it was judged last.</summary>
    public RequestRoute Route { get; set; } = route;

    /// <summary>What its route depends on: requests that have this in common may go to the same servers.</summary>
    public (string? Model, string? BoundServer, string? Key) Kind { get; } = (exchange.Request?.Model, exchange.BoundServer, exchange.Client?.KeyId);

    public Task Admitted => _admitted.Task;

    public void Admit() => _admitted.SetResult();
}
