namespace VllmSecure.EndToEndTests.Attacks.Http2;

/// <summary>Clients that do not take what they asked for.</summary>
[Collection(UnderAttack.Name)]
public sealed class WindowTests(SimulatorTarget target)
{
    private const ushort InitialWindowSize = 4;
    private const string Long = """{"model":"test-model","stream":true,"max_tokens":2000,"messages":[{"role":"user","content":"long"}]}""";

    [Fact]
    public async Task Window_NeverOpened_StreamsAreGivenUp()
    {
        target.Vllm.Journal.Clear();
        await target.WithstandsAsync(async () =>
        {
            await using var connection = await RawHttp2.OpenAsync(target.Proxy, (InitialWindowSize, 0));
            int[] streams = [.. Enumerable.Range(0, 4).Select(number => (2 * number) + 1)];
            await connection.WriteAsync(streams.SelectMany(Request));

            // Limits:MinResponseBytesPerSecond: 5 s of grace, the time that the waiting bytes may take, and the connection ends.
            await connection.DrainAsync();
        });

        var stalled = target.Vllm.Journal.Requests.Where(request => request.BodyText.Contains("\"long\"", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(stalled);
        await Task.WhenAll(stalled.Select(request => request.Ended)).WaitAsync(AttackedProxy.Guard);
    }

    [Fact]
    public async Task Window_OfOneByteAtATime_AnswerIsWhole()
    {
        await using var connection = await RawHttp2.OpenAsync(target.Proxy, (InitialWindowSize, 0));
        await connection.WriteAsync([Frame.Headers(1, Http2Requests.GoodBlock), Frame.Data(1, Http2Requests.GoodBody)]);
        var body = new MemoryStream();
        for (var granted = 0; ; granted++)
        {
            // Only as much as was granted may come.
            await connection.WriteAsync(Frame.WindowUpdate(1, 1));
            Frame? frame;
            do
            {
                frame = await connection.ReadAsync();
                Assert.NotNull(frame);
            }
            while (frame.Type != FrameType.Data);

            Assert.InRange(frame.Payload.Length, 0, 1);
            await body.WriteAsync(frame.Payload);
            if ((frame.Flags & Frame.EndStream) != 0)
            {
                break;
            }
        }

        using var answer = System.Text.Json.JsonDocument.Parse(body.ToArray());
        Assert.Equal("chat.completion", answer.RootElement.GetProperty("object").GetString());
    }

    private static Frame[] Request(int stream) => [Frame.Headers(stream, Http2Requests.GoodBlock), Frame.Data(stream, System.Text.Encoding.ASCII.GetBytes(Long))];
}
