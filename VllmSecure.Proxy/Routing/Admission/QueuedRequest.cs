using VllmSecure.Proxy.Routing.Choice;

namespace VllmSecure.Proxy.Routing.Admission;

/// <summary>A request that waits for room on a server of its route.</summary>
internal sealed class QueuedRequest(RequestRoute route)
{
    private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestRoute Route => route;

    public Task Admitted => _admitted.Task;

    public void Admit() => _admitted.SetResult();
}
