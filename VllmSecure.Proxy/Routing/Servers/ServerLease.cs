using VllmSecure.Proxy.Routing.Health;

namespace VllmSecure.Proxy.Routing.Servers;

/// <summary>One request's place on a server.</summary>
internal sealed class ServerLease(UpstreamServer server, long tokens, BreakerPass pass) : IDisposable
{
    private BreakerPass _pass = pass;
    private bool _isOver;

    /// <summary>What became of the request; nothing is learned unless it is set.</summary>
    public TryVerdict Verdict { get; set; } = TryVerdict.Unknown;

    /// <summary>Whether the server's return depends on this request.</summary>
    public bool IsTrial => _pass.IsTrial;

    /// <summary>The server has shown that it works.</summary>
    public void PassTrial() => EndTrial(TryVerdict.Success);

    /// <summary>The trial is over, though the request is not: an answer may go on for minutes.</summary>
    public void EndTrial(TryVerdict verdict)
    {
        if (IsTrial)
        {
            server.Breaker.Leave(verdict, _pass);
            _pass = _pass with { IsTrial = false };
        }
    }

    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            server.Leave(tokens);
            server.Breaker.Leave(Verdict, _pass);
        }
    }
}
