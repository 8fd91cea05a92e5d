using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using System.Threading.Channels;

namespace VllmSecure.EndToEndTests.Systemd;

/// <summary>The service manager's end of the notify protocol (sd_notify(3)).</summary>
[SupportedOSPlatform("linux")]
internal sealed class NotifySocket : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Channel<string> _said = Channel.CreateUnbounded<string>();

    /// <param name="path">Where the socket is made; anybody may write to it.</param>
    public NotifySocket(string path)
    {
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        _ = ReadAsync();
    }

    /// <summary>Waits for an assignment that starts so, passing over others, and returns it.</summary>
    public async Task<string> ExpectAsync(string start)
    {
        using var deadline = new CancellationTokenSource(Guard);
        await foreach (var line in _said.Reader.ReadAllAsync(deadline.Token))
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new EndOfStreamException("The notify socket was closed.");
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(buffer.AsMemory());
                foreach (var line in Encoding.UTF8.GetString(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    _said.Writer.TryWrite(line);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            _said.Writer.Complete();
        }
    }
}
