using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace VllmSecure.Proxy.Tls.Doctor;

/// <summary>Looks CAA records up, which .NET's resolver cannot, at the machine's own name servers.</summary>
internal sealed class CaaLookup(TimeProvider clock)
{
    private const int DnsPort = 53;
    private const int MaxMessage = 4096;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <summary>The records that apply to a name: its own or those of the nearest parent that has any (RFC 8659 section 3). Null: no answer.</summary>
    public async Task<IReadOnlyList<CaaRecord>?> FindAsync(string name, CancellationToken cancellationToken)
    {
        for (var domain = name; domain.Length > 0; domain = Parent(domain))
        {
            if (await AskAsync(domain, cancellationToken) is not { } records)
            {
                return null;
            }

            if (records.Count > 0)
            {
                return records;
            }
        }

        return [];
    }

    private static string Parent(string domain) => domain.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? domain[(dot + 1)..] : "";

    private async Task<IReadOnlyList<CaaRecord>?> AskAsync(string domain, CancellationToken cancellationToken)
    {
        foreach (var server in NameServers())
        {
            using var deadline = new CancellationTokenSource(Timeout, clock);
            using var given = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            try
            {
                using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                await socket.ConnectAsync(new IPEndPoint(server, DnsPort), given.Token);
                await socket.SendAsync(CaaMessage.CreateQuery(domain), given.Token);
                var answer = new byte[MaxMessage];
                var length = await socket.ReceiveAsync(answer, given.Token);
                if (CaaMessage.TryReadAnswer(answer.AsSpan(0, length), out var records))
                {
                    return records;
                }
            }
            catch (SocketException)
            {
                // The next name server.
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The next name server.
            }
        }

        return null;
    }

    private static IEnumerable<IPAddress> NameServers() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(network => network.GetIPProperties().DnsAddresses)
        .Distinct();
}
