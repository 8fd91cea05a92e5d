using System.Net.Sockets;
using System.Runtime.CompilerServices;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Tls.Acme.Challenges;

namespace VllmSecure.Proxy.Tls.Doctor;

/// <summary>
/// Whether the ports on which CAs and clients arrive are open at the public names. It connects from here, through
/// whatever the name leads to; the dry run of the CA is the view from outside.
/// </summary>
internal sealed class PortsCheck(AcmeScope scope, PublicPorts ports, TimeProvider clock) : IDoctorCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public string Name => "ports";

    public async IAsyncEnumerable<DoctorFinding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var identifier in scope.Identifiers.Where(identifier => !identifier.IsWildcard))
        {
            if (scope.Uses(ChallengeTypes.Http01))
            {
                yield return await ConnectAsync(identifier.Value, ports.Http, "HTTP_PORTS", cancellationToken);
            }

            yield return await ConnectAsync(identifier.Value, ports.Https, "HTTPS_PORTS", cancellationToken);
        }
    }

    private async Task<DoctorFinding> ConnectAsync(string host, int port, string setting, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Timeout, clock);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, given.Token);
            return DoctorFinding.Ok($"{host}:{port} takes connections from here.");
        }
        catch (SocketException exception)
        {
            return Closed(exception.Message.TrimEnd('.'));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Closed($"no answer within {Timeout.TotalSeconds:0} s");
        }

        DoctorFinding Closed(string reason) => DoctorFinding.Failed(
            $"{host}:{port} takes no connections from here: {reason}.",
            $"start the proxy, open TCP port {port} in every firewall on the way, and lead it to the proxy's {setting}.");
    }
}
