namespace VllmSecure.AppHost;

/// <summary>
/// How long connections are kept and how long a stop may take, for vLLM and the proxy together: a value that is right
/// alone and wrong beside the others shows as random 502s or as answers cut off by a restart.
/// </summary>
internal sealed record StackTimings
{
    // What the proxy's host adds to the drain before it gives up waiting.
    private static readonly TimeSpan ProxyUnwinding = TimeSpan.FromSeconds(15);

    public static StackTimings Default { get; } = new();

    /// <summary>vLLM keeps an idle connection this long (<c>VLLM_HTTP_TIMEOUT_KEEP_ALIVE</c>; its own default is 5 s).</summary>
    public TimeSpan EngineKeepAlive { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>The proxy gives up an idle pooled connection first, so that it never sends on one that vLLM is closing.</summary>
    public TimeSpan PooledConnectionIdle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The proxy lets running answers finish this long after it was told to stop.</summary>
    public TimeSpan ProxyDrain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>vLLM finishes what the draining proxy still reads (<c>--shutdown-timeout</c>; its own default, 0, aborts at once).</summary>
    public TimeSpan EngineShutdown { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>Compose kills the proxy after this long: its host allows itself 15 s more than the drain to unwind.</summary>
    public TimeSpan ProxyStopGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Compose kills vLLM after this long: the engine needs some seconds more to free its GPUs.</summary>
    public TimeSpan EngineStopGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What is wrong with these times together; empty when they fit.</summary>
    public IEnumerable<string> Conflicts()
    {
        if (PooledConnectionIdle >= EngineKeepAlive)
        {
            yield return "The proxy must give up an idle connection before vLLM closes it.";
        }

        if (EngineShutdown < ProxyDrain)
        {
            yield return "vLLM must serve at least as long as the proxy drains: both are stopped at the same moment.";
        }

        if (ProxyStopGrace <= ProxyDrain + ProxyUnwinding)
        {
            yield return "The proxy must not be killed while it drains and unwinds.";
        }

        if (EngineStopGrace <= EngineShutdown)
        {
            yield return "vLLM must not be killed while it finishes its requests.";
        }
    }
}
