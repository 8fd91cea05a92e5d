using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// The token for writes to a client. Kestrel cuts the connection of a write that is cancelled, so a request that the proxy
/// gives up lets the write in progress, and the words about the failure, come to their end; a client that does not take
/// them within <see cref="Time"/> is cut.
/// </summary>
internal sealed class WriteGrace : IDisposable
{
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _over = new();
    private readonly ProxyExchange _exchange;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenRegistration _aborted;
    private ITimer? _timer;

    public WriteGrace(ProxyExchange exchange, TimeProvider clock)
    {
        _exchange = exchange;
        _clock = clock;
        Token = _over.Token;
        _aborted = exchange.Aborted.UnsafeRegister(static grace => ((WriteGrace)grace!).Start(), this);
    }

    public CancellationToken Token { get; }

    public void Dispose()
    {
        _aborted.Dispose(); // Waits for Start, so that no timer comes after this.
        _timer?.Dispose();
        _over.Dispose();
    }

    private void Start()
    {
        if (_exchange.AbortReason is null)
        {
            _over.Cancel(); // The client has gone: nobody is there to take anything.
            return;
        }

        _timer = _clock.CreateTimer(static grace => ((WriteGrace)grace!).End(), this, Time, Timeout.InfiniteTimeSpan);
    }

    private void End()
    {
        try
        {
            _over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The answer ended in this moment.
        }
    }
}
