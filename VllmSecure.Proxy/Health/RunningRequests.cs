using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Health;

/// <summary>Counts the requests that are being served, closes the door to new ones, and tells when the last has ended.</summary>
internal sealed class RunningRequests : IDisposable
{
    private readonly CancellationTokenSource _cut = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private volatile bool _stopping;
    private volatile bool _closed;

    /// <summary>Requests being served now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether the process is on its way out.</summary>
    public bool IsStopping => _stopping;

    /// <summary>Whether new requests are turned away.</summary>
    public bool IsDraining => _stopping || _closed;

    /// <summary>Counts one more request, unless draining; a request that was let in ends with <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        // Counted first, then asked: a drain that starts in between sees this request or refuses it, never neither.
        Interlocked.Increment(ref _count);
        if (!IsDraining)
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>Ends the request when the drain is over; until the result is disposed of.</summary>
    public CancellationTokenRegistration CutWithDrain(ProxyExchange exchange) =>
        _cut.Token.UnsafeRegister(static state => ((ProxyExchange)state!).Abort(ExchangeOutcome.Drained), exchange);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0 && _stopping)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>Turns new requests away until <see cref="Open"/>.</summary>
    public void Close() => _closed = true;

    /// <summary>Takes <see cref="Close"/> back.</summary>
    public void Open() => _closed = false;

    /// <summary>Turns new requests away for good. The task ends when none is being served any more.</summary>
    public Task DrainAsync()
    {
        _stopping = true;
        if (Count == 0)
        {
            _idle.TrySetResult();
        }

        return _idle.Task;
    }

    /// <summary>Ends whatever is still being served.</summary>
    public Task CutAsync() => _cut.CancelAsync();

    public void Dispose() => _cut.Dispose();
}
