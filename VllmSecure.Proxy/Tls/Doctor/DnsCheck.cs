using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tls.Doctor;

/// <summary>Whether each name has an address, one that the CA can reach.</summary>
internal sealed class DnsCheck(AcmeScope scope) : IDoctorCheck
{
    public string Name => "DNS";

    public async IAsyncEnumerable<DoctorFinding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var identifier in scope.Identifiers.Where(identifier => !identifier.IsAddress && !identifier.IsWildcard))
        {
            yield return await LookUpAsync(identifier, cancellationToken);
        }
    }

    private async Task<DoctorFinding> LookUpAsync(AcmeIdentifier identifier, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(identifier.Value, cancellationToken);
        }
        catch (SocketException)
        {
            addresses = [];
        }

        return Judge(identifier, addresses, scope.MustBeReachable);
    }

    internal static DoctorFinding Judge(AcmeIdentifier identifier, IReadOnlyList<IPAddress> addresses, bool mustBeReachable)
    {
        var list = string.Join(", ", addresses);
        if (addresses.Count == 0)
        {
            return mustBeReachable
                ? DoctorFinding.Failed($"{identifier} has no A or AAAA record.", "let it point to this machine's public address, or prove it by dns-01.")
                : DoctorFinding.Warning($"{identifier} has no A or AAAA record.", "let it point to where clients reach this machine.");
        }

        var hidden = addresses.Where(PrivateAddresses.Contains).ToArray();
        return hidden.Length > 0 && mustBeReachable
            ? DoctorFinding.Failed($"{identifier} has {list}; the CA cannot reach {string.Join(", ", hidden.AsEnumerable())}.", "let it point to public addresses only, or prove it by dns-01.")
            : DoctorFinding.Ok($"{identifier} has {list}.");
    }
}
