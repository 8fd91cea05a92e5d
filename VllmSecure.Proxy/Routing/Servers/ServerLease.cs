using VllmSecure.Proxy.Routing.Health;

namespace VllmSecure.Proxy.Routing.Servers;

/// <summary>One request's place on a server.</summary>
internal sealed class ServerLease(UpstreamServer server, long tokens, bool isTrial) : IDisposable
{
    private bool _isOver;

    /// <summary>What became of the request; nothing is learned unless it is set.</summary>
    public TryVerdict Verdict { get; set; } = TryVerdict.Unknown;

    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            server.Leave(tokens);
            server.Breaker.Leave(Verdict, isTrial);
        }
    }
}
