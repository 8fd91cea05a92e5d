namespace VllmSecure.Benchmarks.Compare.Load;

/// <summary>Streams at one time, each with a chunk an interval.</summary>
internal static class StreamLoad
{
    public static async Task<IReadOnlyList<ChunkReader>> RunAsync(int port, int streams, TimeSpan interval, TimeSpan duration)
    {
        var request = Prompts.Stream(Math.Max(1, (int)(duration / interval)), interval);
        return await Task.WhenAll(Enumerable.Range(0, streams).Select(async i =>
        {
            await using var connection = await ChunkReader.ConnectAsync(port);
            await Clock.DelayAsync(interval * i / streams); // Else all chunks would come in one instant.
            var reader = new ChunkReader();
            await reader.ReadAsync(connection, request);
            return reader;
        }));
    }
}
