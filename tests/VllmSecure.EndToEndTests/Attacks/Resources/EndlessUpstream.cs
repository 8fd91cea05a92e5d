using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VllmSecure.EndToEndTests.Attacks.Resources;

/// <summary>Answers each request with a head and then the same piece for ever, as fast as it is taken.</summary>
internal sealed class EndlessUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _head;
    private readonly byte[] _piece;
    private readonly Task _accepting;

    public EndlessUpstream(string head, string piece)
    {
        _head = Encoding.ASCII.GetBytes(head);
        _piece = Encoding.ASCII.GetBytes(piece);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>Completes when the proxy has cut the first connection.</summary>
    public Task Cut => _cut.Task;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener was disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[64 * 1024]);
                await stream.WriteAsync(_head);
                while (true)
                {
                    await stream.WriteAsync(_piece);
                }
            }
            catch (IOException)
            {
                _cut.TrySetResult();
            }
        }
    }
}
