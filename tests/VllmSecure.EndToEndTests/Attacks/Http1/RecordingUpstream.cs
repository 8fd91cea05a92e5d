using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VllmSecure.EndToEndTests.Attacks.Http1;

/// <summary>
/// A server that trusts nothing: it reads its connections strictly, records what came, and answers each request with a chat
/// completion. Whatever the proxy lets through in a form that is not beyond doubt is a <see cref="Violations">violation</see>.
/// </summary>
internal sealed class RecordingUpstream : IAsyncDisposable
{
    public const string Answer = """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"test-model","choices":[{"index":0,"message":{"role":"assistant","content":"recorded"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly ConcurrentQueue<ReceivedRequest> _requests = [];
    private readonly ConcurrentQueue<string> _violations = [];
    private readonly Task _accepting;

    private readonly bool _keepsBodies;

    /// <summary>Starts it.</summary>
    /// <param name="keepsBodies">Whether the record holds bodies; they may be large.</param>
    public RecordingUpstream(bool keepsBodies = true)
    {
        _keepsBodies = keepsBodies;
        _listener.Start(backlog: 1000);
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    public IReadOnlyList<string> Violations => [.. _violations];

    public void Clear()
    {
        _requests.Clear();
        _violations.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _clients.Add(client);
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener was disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            var stream = new BufferedStream(client.GetStream());
            var reader = new StrictRequestReader(stream);
            while (await reader.ReadAsync() is { } request)
            {
                _requests.Enqueue(_keepsBodies ? request : request with { Body = [] });
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    FormattableString.Invariant($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Answer.Length}\r\n\r\n{Answer}")));
            }
        }
        catch (FormatException violation)
        {
            _violations.Enqueue(violation.Message);
            client.Dispose();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // A client that left, which is within its rights.
            client.Dispose();
        }
    }
}
