using System.Net.Security;
using System.Net.Sockets;

namespace VllmSecure.EndToEndTests.Attacks.Slow;

/// <summary>Connections that want nothing.</summary>
[Collection(UnderAttack.Name)]
public sealed class IdleTests(SimulatorTarget target)
{
    [Fact]
    public async Task HalfOpenHandshakes_TwoThousand_AreClosedInTime()
    {
        // A record that promises 512 bytes of ClientHello and brings eleven.
        byte[] beginning = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03];
        await target.WithstandsAsync(async () =>
        {
            var sockets = await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => target.Proxy.ConnectAsync()));
            try
            {
                await Task.WhenAll(sockets.Take(1000).Select(socket => socket.SendAsync(beginning)));

                // Limits:HandshakeTimeoutSeconds, 10 by default.
                await Task.WhenAll(sockets.Select(WaitForEndAsync)).WaitAsync(AttackedProxy.Guard);
            }
            finally
            {
                Array.ForEach(sockets, socket => socket.Dispose());
            }
        });
    }

    [Fact]
    public async Task IdleConnections_OneThousand_GoodClientIsServed()
    {
        await target.WithstandsAsync(async () =>
        {
            var connections = new List<SslStream>();
            for (var count = 0; count < 1000; count += 50)
            {
                connections.AddRange(await Task.WhenAll(Enumerable.Range(0, 50).Select(number =>
                    target.Proxy.OpenAsync(number % 2 == 0 ? SslApplicationProtocol.Http11 : SslApplicationProtocol.Http2))));
            }

            foreach (var connection in connections)
            {
                await connection.DisposeAsync();
            }
        });
    }

    private static async Task WaitForEndAsync(Socket socket)
    {
        try
        {
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1]));
        }
        catch (SocketException)
        {
            // A reset is an end as well.
        }
    }
}
