using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace VllmSecure.Benchmarks.Compare.Load;

/// <summary>A keep-alive HTTP/1.1 connection over TLS 1.3 that does no more than it has to: the client must not be what is measured.</summary>
internal sealed class HttpsConnection : IAsyncDisposable
{
    private const int SmallBuffer = 4 * 1024;

    private static readonly SslClientAuthenticationOptions Resuming = Options(resume: true);
    private static readonly SslClientAuthenticationOptions Fresh = Options(resume: false);

    private readonly SslStream _tls;
    private readonly byte[] _buffer;
    private int _start;
    private int _end;
    private BodyFraming _body;

    private HttpsConnection(SslStream tls, int bufferBytes)
    {
        _tls = tls;
        _buffer = new byte[bufferBytes];
    }

    public static async Task<HttpsConnection> OpenAsync(int port, bool resume = false, int bufferBytes = SmallBuffer)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await tls.AuthenticateAsClientAsync(resume ? Resuming : Fresh);
            return new HttpsConnection(tls, bufferBytes);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and reads its answer whole.</summary>
    /// <exception cref="HttpRequestException">The status is not 200.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    public async Task AskAsync(ReadOnlyMemory<byte> request)
    {
        await SendAsync(request);
        while (!_body.IsComplete)
        {
            if (_start == _end)
            {
                await FillAsync();
            }

            var read = _body.Next(_buffer.AsSpan(_start, _end - _start), out _);
            _start += read;
        }
    }

    /// <summary>Sends a request and reads the head of its answer.</summary>
    /// <exception cref="HttpRequestException">The status is not 200.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> request)
    {
        await _tls.WriteAsync(request);
        (_start, _end) = (0, 0);
        int length;
        do
        {
            await FillAsync();
            length = ResponseHead.Find(_buffer.AsSpan(0, _end));
        }
        while (length < 0);

        var status = ResponseHead.Parse(_buffer.AsSpan(0, length), out _body);
        _start = length;
        if (status != 200)
        {
            throw new HttpRequestException($"Status {status}", null, (HttpStatusCode)status);
        }
    }

    /// <summary>Body bytes of one read from the connection; 0 at the end.</summary>
    public async ValueTask<int> ReadBodyAsync(Memory<byte> target)
    {
        while (!_body.IsComplete)
        {
            if (_start == _end)
            {
                await FillAsync();
            }

            var written = 0;
            while (_start < _end && !_body.IsComplete)
            {
                _start += _body.Next(_buffer.AsSpan(_start, _end - _start), out var content);
                _buffer.AsSpan(_start - content, content).CopyTo(target.Span[written..]);
                written += content;
            }

            if (written > 0)
            {
                return written;
            }
        }

        return 0;
    }

    public ValueTask DisposeAsync() => _tls.DisposeAsync();

    private async ValueTask FillAsync()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }

        var read = await _tls.ReadAsync(_buffer.AsMemory(_end));
        if (read == 0)
        {
            throw new IOException("The connection ended within an answer.");
        }

        _end += read;
    }

    private static SslClientAuthenticationOptions Options(bool resume) => new()
    {
        TargetHost = "localhost",
        EnabledSslProtocols = SslProtocols.Tls13,
        AllowTlsResume = resume,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
    };
}
