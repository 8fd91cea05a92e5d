namespace VllmSecure.Benchmarks.Compare.Load;

/// <summary>Each connection sends its next request when it has its answer: finds the most that a server can do.</summary>
internal static class ClosedLoop
{
    public static async Task<LoadResult> RunAsync(int port, int connections, ReadOnlyMemory<byte> request, TimeSpan duration)
    {
        var open = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => HttpsConnection.OpenAsync(port)));
        try
        {
            // The first answer of a connection brings its session tickets too.
            await Task.WhenAll(open.Select(connection => connection.AskAsync(request)));
            return await RunAsync(open, request, duration);
        }
        finally
        {
            foreach (var connection in open)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private static async Task<LoadResult> RunAsync(HttpsConnection[] connections, ReadOnlyMemory<byte> request, TimeSpan duration)
    {
        var start = Clock.Now;
        var end = start + Clock.Ticks(duration);
        var latencies = await Task.WhenAll(connections.Select(connection => AskUntilAsync(connection, request, end)));
        return new LoadResult([.. latencies.SelectMany(latency => latency)], Clock.Since(start), 0);
    }

    private static async Task<List<double>> AskUntilAsync(HttpsConnection connection, ReadOnlyMemory<byte> request, long end)
    {
        var latencies = new List<double>(4_096);
        for (var sent = Clock.Now; sent < end; sent = Clock.Now)
        {
            await connection.AskAsync(request);
            latencies.Add(Clock.MicrosecondsSince(sent));
        }

        return latencies;
    }
}
