using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Routing.Connections;
using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing.Doctor;

/// <summary>
/// Whether vLLM can be reached around the proxy, where its admin endpoints ask for no key. On this machine it is tried on every
/// address that others may use; elsewhere it must have none that belongs to the internet.
/// </summary>
internal sealed class ExposureCheck(
    IOptions<UpstreamsOptions> options, UpstreamServers servers, INameResolver names, MachineAddresses machine, TimeProvider clock) : IDoctorCheck
{
    /// <summary>A connection to an own address needs no network.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public string Name => "exposure";

    public async IAsyncEnumerable<DoctorFinding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var configured = options.Value.Upstreams;
        foreach (var server in servers.All)
        {
            if (UpstreamAddress.TryParse(configured.GetValueOrDefault(server.Upstream)?.Address) is { SocketPath: { } path })
            {
                yield return DoctorFinding.Ok($"{server.Name} listens on {path}, which is no network.");
                continue;
            }

            var address = new Uri(server.Destination.Model.Config.Address);
            var found = await ResolveAsync(address.IdnHost, cancellationToken);
            if (found.Any(machine.IsHere))
            {
                var open = await OpenAddressesAsync(address.Port, cancellationToken);
                yield return JudgeHere(server.Name, address.Port, open);
            }
            else
            {
                yield return JudgeElsewhere(server.Name, found, address.Scheme == Uri.UriSchemeHttps);
            }
        }
    }

    internal static DoctorFinding JudgeHere(string server, int port, IReadOnlyList<IPAddress> open) => open.Count == 0
        ? DoctorFinding.Ok($"{server} takes no connections on port {port} of this machine's addresses but loopback.")
        : DoctorFinding.Failed(
            $"{server} can be reached without the proxy, on {string.Join(", ", open.Select(address => new IPEndPoint(address, port)))}.",
            $"bind vLLM to 127.0.0.1: vllm serve --host 127.0.0.1 (a container: -p 127.0.0.1:{port}:{port}), and let its upstream's address be http://127.0.0.1:{port}.");

    internal static DoctorFinding JudgeElsewhere(string server, IReadOnlyList<IPAddress> addresses, bool isHttps)
    {
        var list = string.Join(", ", addresses);
        if (addresses.Count == 0)
        {
            return DoctorFinding.Skipped($"{server} has a name that is not known here.");
        }

        if (addresses.All(PrivateNetworks.Contains))
        {
            return DoctorFinding.Ok($"{server} has {list}, which the internet does not route.");
        }

        const string Fix = "give it a private address, or let its firewall admit this machine only.";
        return isHttps // Something may stand before it that asks for more than vLLM does.
            ? DoctorFinding.Warning($"{server} has {list}, which the whole internet can reach.", Fix)
            : DoctorFinding.Failed($"{server} has {list}, which the whole internet can reach, in plain HTTP.", Fix);
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return IPAddress.TryParse(host, out var literal) ? [literal] : await names.ResolveAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private async Task<IReadOnlyList<IPAddress>> OpenAddressesAsync(int port, CancellationToken cancellationToken)
    {
        var attempts = await Task.WhenAll(machine.All.Select(async address => (address, isOpen: await IsOpenAsync(address, port, cancellationToken))));
        return [.. attempts.Where(attempt => attempt.isOpen).Select(attempt => attempt.address)];
    }

    private async Task<bool> IsOpenAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), either.Token);
            return true;
        }
        catch (Exception exception) when (exception is SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
