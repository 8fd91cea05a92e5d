using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace VllmSecure.IntegrationTests.Harness;

/// <summary>Sends exactly the bytes given, for requests that no HTTP client would make.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _tcp;
    private readonly Stream _stream;

    private RawConnection(TcpClient tcp, Stream stream)
    {
        _tcp = tcp;
        _stream = stream;
    }

    /// <summary>Connects to a listener, with TLS where its address says https.</summary>
    public static async Task<RawConnection> OpenAsync(ProxyUnderTest proxy, Uri address, SslApplicationProtocol? protocol = null)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", address.Port);
        if (address.Scheme != Uri.UriSchemeHttps)
        {
            return new RawConnection(tcp, tcp.GetStream());
        }

        var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = proxy.TrustPolicy(),
            ApplicationProtocols = [protocol ?? SslApplicationProtocol.Http11],
        });
        return new RawConnection(tcp, tls);
    }

    /// <summary>Sends a request and reads the answer to the end of the connection.</summary>
    public static async Task<string> SendAsync(ProxyUnderTest proxy, Uri address, string request)
    {
        await using var connection = await OpenAsync(proxy, address);
        await connection.WriteAsync(request);
        return await connection.ReadToEndAsync();
    }

    public async Task WriteAsync(string text) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Reads just so many bytes.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        return bytes;
    }

    /// <summary>Reads until the other side closes; a reset counts as a close.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(text).WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (IOException)
        {
            // What came before the reset is the answer.
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>Reads until a text has come; returns all that was read.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains(end, StringComparison.Ordinal))
        {
            var count = await _stream.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            if (count == 0)
            {
                throw new EndOfStreamException($"The connection ended before '{end}': {text}");
            }

            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }
}
