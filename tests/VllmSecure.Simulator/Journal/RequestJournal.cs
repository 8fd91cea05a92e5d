namespace VllmSecure.Simulator;

/// <summary>Every request that reached the simulator, in order of arrival, operations paths included.</summary>
public sealed class RequestJournal
{
    private readonly Lock _gate = new();
    private readonly Queue<RecordedRequest> _requests = new();
    private readonly SimulatorOptions _options;
    private List<Waiter> _waiters = [];

    internal RequestJournal(SimulatorOptions options) => _options = options;

    /// <summary>A snapshot; a request is listed as soon as its head has been read.</summary>
    public IReadOnlyList<RecordedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>
    /// The first request, past or future, that satisfies the predicate. It is asked for requests whose body has come
    /// (or that ended before), and again whenever one has got a token, a fault has struck it, or it has ended.
    /// </summary>
    public Task<RecordedRequest> WaitForAsync(Func<RecordedRequest, bool> predicate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var waiter = new Waiter(predicate);
        lock (_gate)
        {
            var found = _requests.FirstOrDefault(waiter.Matches);
            if (found is not null)
            {
                return Task.FromResult(found);
            }

            // Copied on write, so that OnChanged can read without the lock.
            _waiters = [.. _waiters, waiter];
        }

        return WaitAsync(waiter, cancellationToken);
    }

    /// <summary>Forgets what has been recorded.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _requests.Clear();
        }
    }

    internal void Add(RecordedRequest request)
    {
        lock (_gate)
        {
            _requests.Enqueue(request);
            while (_requests.Count > _options.JournalCapacity)
            {
                _requests.Dequeue();
            }
        }
    }

    internal void OnChanged(RecordedRequest request)
    {
        foreach (var waiter in Volatile.Read(ref _waiters))
        {
            if (waiter.Matches(request))
            {
                waiter.Found.TrySetResult(request);
            }
        }
    }

    private async Task<RecordedRequest> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        try
        {
            return await waiter.Found.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                _waiters = [.. _waiters.Where(other => other != waiter)];
            }
        }
    }

    private sealed class Waiter(Func<RecordedRequest, bool> predicate)
    {
        public TaskCompletionSource<RecordedRequest> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Matches(RecordedRequest request) =>
            (request.BodyReceived || request.Ended.IsCompleted) && predicate(request);
    }
}
