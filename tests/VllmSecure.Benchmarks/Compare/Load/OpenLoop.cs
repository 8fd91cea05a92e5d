using System.Runtime.InteropServices;

namespace VllmSecure.Benchmarks.Compare.Load;

/// <summary>
/// Requests at a fixed rate, whether or not earlier ones are answered, as clients that know nothing of one another send them. A
/// latency counts from the instant at which the request was due: one that had to wait for a connection has waited.
/// </summary>
internal sealed class OpenLoop
{
    private const int Connections = 64;

    private readonly ReadOnlyMemory<byte> _request;
    private readonly Stack<HttpsConnection> _idle = new();
    private readonly Queue<long> _due = new();
    private readonly List<double> _latencies = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _outstanding = 1; // The sender itself.
    private int _failures;

    private OpenLoop(ReadOnlyMemory<byte> request) => _request = request;

    public static async Task<LoadResult> RunAsync(int port, double perSecond, ReadOnlyMemory<byte> request, TimeSpan duration)
    {
        var loop = new OpenLoop(request);
        var connections = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => HttpsConnection.OpenAsync(port)));
        try
        {
            foreach (var connection in connections)
            {
                await connection.AskAsync(request);
                loop._idle.Push(connection);
            }

            var start = Clock.Now;
            new Thread(() => loop.Send(start, perSecond, (int)(perSecond * duration.TotalSeconds))) { IsBackground = true }.Start();
            await loop._done.Task;
            return new LoadResult(loop._latencies, Clock.Since(start), loop._failures);
        }
        finally
        {
            foreach (var connection in connections)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private void Send(long start, double perSecond, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var due = start + Clock.Ticks(TimeSpan.FromSeconds(i / perSecond));
            if (due - Clock.Now is > 0 and var early)
            {
                // No timer of .NET is finer than a millisecond.
                _ = Sleep((uint)(early * 1_000_000 / TimeProvider.System.TimestampFrequency));
            }

            Interlocked.Increment(ref _outstanding);
            HttpsConnection? connection;
            lock (_lock)
            {
                if (!_idle.TryPop(out connection))
                {
                    _due.Enqueue(due);
                    continue;
                }
            }

            _ = AskAsync(connection, due);
        }

        Finish();
    }

    private async Task AskAsync(HttpsConnection connection, long due)
    {
        while (true)
        {
            var answered = true;
            try
            {
                await connection.AskAsync(_request);
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                answered = false;
            }

            var microseconds = Clock.MicrosecondsSince(due);
            bool more;
            lock (_lock)
            {
                _failures += answered ? 0 : 1;
                if (answered)
                {
                    _latencies.Add(microseconds);
                }

                more = _due.TryDequeue(out due);
                if (!more)
                {
                    _idle.Push(connection);
                }
            }

            Finish();
            if (!more)
            {
                return;
            }
        }
    }

    private void Finish()
    {
        if (Interlocked.Decrement(ref _outstanding) == 0)
        {
            _done.TrySetResult();
        }
    }

    [DllImport("libc", EntryPoint = "usleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sleep(uint microseconds);
}
