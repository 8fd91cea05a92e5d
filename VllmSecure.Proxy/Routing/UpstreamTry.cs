using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing;

/// <summary>One try to get an answer, as the transforms see it.</summary>
internal sealed class UpstreamTry
{
    /// <summary>Whether another server could be asked after this one.</summary>
    public bool MayRetry { get; init; }

    /// <summary>The request's place on the server.</summary>
    public required ServerLease Lease { get; init; }

    /// <summary>The server was silent for longer than it may be.</summary>
    public bool HasStalled { get; set; }

    /// <summary>The server was too busy or dead (503), and its answer was thrown away for another's.</summary>
    public bool WasBusy { get; set; }
}
