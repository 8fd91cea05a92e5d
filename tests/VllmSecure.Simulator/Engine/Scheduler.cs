namespace VllmSecure.Simulator.Engine;

/// <summary>Lets at most <see cref="SimulatorOptions.MaxRunningSequences"/> requests run; the others wait in order of arrival.</summary>
internal sealed class Scheduler(SimulatorOptions options)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<SchedulerTicket> _waiting = new();
    private int _running;

    public int Running => Volatile.Read(ref _running);

    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>A place to run or to wait; <see langword="null"/> when the queue is full.</summary>
    public SchedulerTicket? TryEnter()
    {
        lock (_gate)
        {
            var ticket = new SchedulerTicket(this);
            if (_waiting.Count == 0 && _running < options.MaxRunningSequences)
            {
                _running++;
                ticket.Start();
                return ticket;
            }

            if (options.RejectWhenQueueFull && _waiting.Count >= options.MaxQueuedRequests)
            {
                return null;
            }

            _waiting.AddLast(ticket);
            return ticket;
        }
    }

    internal void Leave(SchedulerTicket ticket)
    {
        lock (_gate)
        {
            if (!ticket.Started.IsCompleted)
            {
                _waiting.Remove(ticket);
                return;
            }

            _running--;
            while (_running < options.MaxRunningSequences && _waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                _running++;
                next.Value.Start();
            }
        }
    }
}
