namespace VllmSecure.IntegrationTests.Harness;

/// <summary>A streamed chat completion of which two tokens have been read.</summary>
internal sealed class OpenStream : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private OpenStream(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _reader = new StreamReader(stream);
    }

    public static async Task<OpenStream> StartAsync(HttpClient client)
    {
        var response = await client.SendForStreamAsync(ChatRequests.Chat(stream: true, maxTokens: 100));
        Assert.True(response.IsSuccessStatusCode, response.IsSuccessStatusCode ? null : await response.Content.ReadAsStringAsync());
        var stream = new OpenStream(response, await response.Content.ReadAsStreamAsync());
        await stream.ReadTokenAsync();
        await stream.ReadTokenAsync();
        return stream;
    }

    /// <summary>Reads the rest; it must end as streams do.</summary>
    public async Task ReadToEndAsync() =>
        Assert.EndsWith("data: [DONE]\n\n", await _reader.ReadToEndAsync(), StringComparison.Ordinal);

    /// <summary>Leaves, if the stream has not ended.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }

    private async Task ReadTokenAsync()
    {
        string? line;
        do
        {
            line = await _reader.ReadLineAsync();
            Assert.NotNull(line);
        }
        while (!line.Contains("\"content\":\"", StringComparison.Ordinal) || line.Contains("\"content\":\"\"", StringComparison.Ordinal));
    }
}
