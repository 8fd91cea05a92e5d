namespace VllmSecure.Simulator.Engine;

/// <summary>A request's place in the scheduler; disposing gives it up, running or waiting.</summary>
internal sealed class SchedulerTicket(Scheduler scheduler) : IDisposable
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _left;

    /// <summary>Completes when the request may run.</summary>
    public Task Started => _started.Task;

    public void Dispose()
    {
        if (!_left)
        {
            _left = true;
            scheduler.Leave(this);
        }
    }

    internal void Start() => _started.SetResult();
}
