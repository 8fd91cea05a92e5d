using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing.Admission;

/// <summary>A request's leave to go to a server, until it has ended.</summary>
/// <param name="gate">Who gave it.</param>
/// <param name="hasWaited">Whether the request waited. What waits is much, and must not all come upon a server that nobody sees.</param>
internal sealed class AdmissionTicket(AdmissionGate gate, bool hasWaited) : IDisposable
{
    /// <summary>Whether it stands on no server yet, so that no server counts it.</summary>
    public bool IsUnsent { get; private set; } = true;

    /// <summary>Whether a server has room for this request.</summary>
    public bool HasRoom(UpstreamServer server) => gate.HasRoom(server, IsUnsent ? 1 : 0, mustBeInSight: hasWaited);

    /// <summary>A server has it now, and counts it.</summary>
    public void Sent()
    {
        if (IsUnsent)
        {
            IsUnsent = false;
            gate.Sent();
        }
    }

    public void Dispose()
    {
        Sent();
        gate.Ended();
    }
}
