using System.Net.Sockets;
using System.Text;

namespace VllmSecure.IntegrationTests.Simulator;

/// <summary>A TCP connection for what HttpClient would never send, or would hide.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new();

    public Socket Socket => _client.Client;

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(address.Host, address.Port);
        connection._client.NoDelay = true;
        return connection;
    }

    /// <summary>Lines are separated by \n here and by CRLF on the wire.</summary>
    public async Task SendAsync(string head, string body = "") =>
        await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n\r\n" + body));

    public Task PostAsync(string path, string json) => SendAsync(
        $"POST {path} HTTP/1.1\nHost: test\nContent-Type: application/json\nContent-Length: {Encoding.UTF8.GetByteCount(json)}", json);

    /// <summary>Reads until the text has come, or the connection has ended.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        var read = new StringBuilder();
        var buffer = new byte[4096];
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
        {
            var count = await _client.GetStream().ReadAsync(buffer).AsTask().WaitAsync(SimulatorClient.Patience);
            if (count == 0)
            {
                break;
            }

            read.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return read.ToString();
    }

    /// <summary>Everything until the end of the connection; throws when that is a reset.</summary>
    public Task<string> ReadToEndAsync() => ReadUntilAsync("\0never\0");

    /// <summary>Reads what still comes and says whether the connection ended with a reset.</summary>
    public async Task<bool> EndsWithResetAsync(StringBuilder? received = null)
    {
        try
        {
            var buffer = new byte[4096];
            while (await Socket.ReceiveAsync(buffer).WaitAsync(SimulatorClient.Patience) is > 0 and var count)
            {
                received?.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }

            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionReset;
        }
    }

    public void Dispose() => _client.Dispose();
}
