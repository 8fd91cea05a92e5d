using System.Net;
using System.Net.NetworkInformation;

namespace VllmSecure.Proxy.Routing.Doctor;

/// <summary>The addresses of this machine on which others may reach it: those of its interfaces that are up, without loopback.</summary>
internal sealed record MachineAddresses(IReadOnlyList<IPAddress> All)
{
    public static MachineAddresses Find() => new(
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)
            .Where(address => !IPAddress.IsLoopback(address))
            .Distinct(),
    ]);

    /// <summary>Whether whoever connects to an address from here stays on this machine.</summary>
    public bool IsHere(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || All.Contains(address);
}
