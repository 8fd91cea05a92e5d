using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Caching;

/// <summary>A request on its way for all that are equal to it.</summary>
/// <param name="exchange">The one that was sent.</param>
internal sealed class Flight(ProxyExchange exchange)
{
    private readonly TaskCompletionSource<CachedAnswer?> _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <summary>Requests that wait for it, beside the one that was sent.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Ends with the answer; null: there is none to give to others.</summary>
    public Task<CachedAnswer?> Landed => _landed.Task;

    /// <summary>Waits for it as well, so that it goes on without the client that sent it. False: all have left it.</summary>
    public bool TryJoin()
    {
        if (!exchange.TryJoin())
        {
            return false;
        }

        Interlocked.Increment(ref _waiting);
        return true;
    }

    /// <summary>Waits no longer; the last one takes vLLM's work with it.</summary>
    public void Leave()
    {
        Interlocked.Decrement(ref _waiting);
        exchange.Leave();
    }

    public void Land(CachedAnswer? answer) => _landed.TrySetResult(answer);
}
