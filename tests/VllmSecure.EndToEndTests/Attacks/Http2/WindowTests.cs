namespace VllmSecure.EndToEndTests.Attacks.Http2;

/// <summary>Clients that do not take what they asked for.</summary>
[Collection(UnderAttack.Name)]
public sealed class WindowTests(SimulatorTarget target)
{
    private const ushort InitialWindowSize = 4;
    private const string Long = """{"model":"test-model","stream":true,"max_tokens":2000,"messages":[{"role":"user","content":"long"}]}""";

    /// <summary>
    /// By the time budget alone: Limits:MinResponseBytesPerSecond ends such connections too, but Kestrel starts no clock for some of the
    /// windows that stay shut.
    /// </summary>
    [Fact]
    public async Task Window_NeverOpened_StreamsAreGivenUp()
    {
        target.Vllm.Journal.Clear();
        await using var proxy = await AttackedProxy.StartAsync(target.Vllm.Address, ("Limits:MinResponseBytesPerSecond", "0"), ("Timeouts:BetweenBytesSeconds", "5"));
        using var client = new GoodClient(proxy);
        await client.SendAsync();
        await client.IsServedDuringAsync(async () =>
        {
            await using var connection = await RawHttp2.OpenAsync(proxy, (InitialWindowSize, 0));
            HashSet<int> open = [.. Enumerable.Range(0, 4).Select(number => (2 * number) + 1)];
            await connection.WriteAsync(open.SelectMany(Request));
            while (open.Count > 0 && await connection.ReadAsync() is { } frame)
            {
                if (frame.Type == FrameType.RstStream)
                {
                    open.Remove(frame.Stream);
                }
            }
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
