namespace VllmSecure.Simulator;

/// <summary>Which inference requests (POSTs that generate, embed or score) go wrong, and how.</summary>
public sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly Queue<Fault?> _next = new();
    private TaskCompletionSource _release = NewSignal();

    internal FaultPlan()
    {
    }

    /// <summary>The fault of every request for which none is queued.</summary>
    public Fault? Always { get; set; }

    /// <summary>A dead engine: <c>/health</c> and <c>/ping</c> answer 503, inference 500, the process lives on.</summary>
    public bool EngineDead { get; set; }

    /// <summary>How many queued faults have not struck yet.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _next.Count;
            }
        }
    }

    /// <summary>Queues a fault for one request; <see langword="null"/> lets one request pass.</summary>
    public void Next(Fault? fault)
    {
        lock (_gate)
        {
            _next.Enqueue(fault);
        }
    }

    /// <summary>Takes back everything planned, and lets hanging requests go on.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _next.Clear();
            Always = null;
            EngineDead = false;
        }

        Release();
    }

    /// <summary>Lets every request go on that hangs or stalls, or has arrived and would.</summary>
    public void Release()
    {
        TaskCompletionSource released;
        lock (_gate)
        {
            released = _release;
            _release = NewSignal();
        }

        released.SetResult();
    }

    internal Task Released
    {
        get
        {
            lock (_gate)
            {
                return _release.Task;
            }
        }
    }

    internal Fault? Take()
    {
        lock (_gate)
        {
            return _next.TryDequeue(out var fault) ? fault : Always;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
