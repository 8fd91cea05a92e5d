using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VllmSecure.IntegrationTests.Harness;

/// <summary>Reads the beginning of a request, then answers with exactly the bytes given, or resets the connection.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    private RawServer(Func<string, byte[]?> answer)
    {
        _listener.Start();
        _ = ServeAsync(answer);
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Resets each connection when the first bytes of a request have come.</summary>
    public static RawServer ThatResets() => new(_ => null);

    /// <summary>Answers by what the beginning of a request says.</summary>
    /// <param name="answer">The status line with headers (but for Content-Length), and the body.</param>
    public static RawServer ThatAnswers(Func<string, (string Head, byte[] Body)> answer) => new(request =>
    {
        var (head, body) = answer(request);
        return [.. Encoding.ASCII.GetBytes($"{head}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), .. body];
    });

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(Func<string, byte[]?> answer)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            using var socket = await _listener.AcceptSocketAsync();
            var request = Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer));
            if (answer(request) is { } bytes)
            {
                await socket.SendAsync(bytes);
                socket.Shutdown(SocketShutdown.Send);
                await socket.ReceiveAsync(buffer); // Until the other side closes: bytes unread would make a reset of it.
            }
            else
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
        }
    }
}
