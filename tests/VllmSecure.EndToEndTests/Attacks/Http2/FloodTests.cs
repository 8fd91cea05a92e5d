namespace VllmSecure.EndToEndTests.Attacks.Http2;

/// <summary>Frames that cost their sender nothing, in numbers (CVE-2019-9511 to -9518, CVE-2023-44487, CVE-2024-27316 and the like).</summary>
[Collection(UnderAttack.Name)]
public sealed class FloodTests(SimulatorTarget target)
{
    private const int ManyFrames = 100_000;

    /// <summary>How the proxy ends a connection whose header block breaks a limit.</summary>
    private static readonly string[] EnhanceYourCalm = ["GOAWAY 1", "GOAWAY 11"];

    private static readonly byte[] Block = Http2Requests.GoodBlock;

    [Fact]
    public async Task RapidReset_TenThousandStreams_GoodClientIsServed()
    {
        const int Resets = 10_000;
        await target.WithstandsAsync(async () =>
        {
            var sent = 0;
            while (sent < Resets)
            {
                await using var connection = await RawHttp2.OpenAsync(target.Proxy);
                sent += await ResetAsync(connection, Resets - sent);
            }
        });
        await QuietAsync();
    }

    [Fact]
    public async Task RapidReset_WithBodies_LeavesNoRequestRunning()
    {
        target.Vllm.Faults.Clear();
        await target.WithstandsAsync(async () =>
        {
            for (var round = 0; round < 20; round++)
            {
                await using var connection = await RawHttp2.OpenAsync(target.Proxy);
                byte[] frames = [.. Enumerable.Range(0, 90).SelectMany(number => (Frame[])
                [
                    Frame.Headers((2 * number) + 1, Block), Frame.Data((2 * number) + 1, Http2Requests.GoodBody), Frame.Reset((2 * number) + 1),
                ]).SelectMany(frame => frame.ToBytes())];
                await connection.TryFloodAsync(frames, 1);
            }
        });
        await QuietAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Continuations_WithoutEnd_EndTheConnection(int size)
    {
        var piece = Hpack.Encode([("x", new string('a', size))]);
        await target.WithstandsAsync(async () =>
        {
            await using var connection = await RawHttp2.OpenAsync(target.Proxy);
            var outcome = connection.OutcomeAsync(1);
            await connection.WriteAsync(new Frame(FrameType.Headers, 0, 1, Block));
            await connection.TryFloodAsync(new Frame(FrameType.Continuation, 0, 1, piece).ToBytes(), ManyFrames);
            Assert.Contains(await outcome, EnhanceYourCalm);
        });
    }

    [Fact]
    public async Task EmptyContinuations_WithoutEnd_GoodClientIsServed() =>
        await target.WithstandsAsync(() => FloodAsync(new Frame(FrameType.Headers, 0, 1, Block).ToBytes(), new Frame(FrameType.Continuation, 0, 1, []).ToBytes()));

    [Fact]
    public async Task Settings_WithoutEnd_GoodClientIsServed() =>
        await target.WithstandsAsync(() => FloodAsync([], Frame.Settings((4, 65_535)).ToBytes()));

    [Fact]
    public async Task Pings_WhoseAnswersNobodyReads_GoodClientIsServed() =>
        await target.WithstandsAsync(() => FloodAsync([], new Frame(FrameType.Ping, 0, 0, new byte[8]).ToBytes(), reads: false));

    [Fact]
    public async Task Pings_WithoutEnd_GoodClientIsServed() =>
        await target.WithstandsAsync(() => FloodAsync([], new Frame(FrameType.Ping, 0, 0, new byte[8]).ToBytes()));

    [Fact]
    public async Task EmptyData_WithoutEnd_GoodClientIsServed() =>
        await target.WithstandsAsync(() => FloodAsync(Frame.Headers(1, Block).ToBytes(), Frame.Data(1, [], endStream: false).ToBytes()));

    [Fact]
    public async Task Priorities_WithoutEnd_GoodClientIsServed() =>
        await target.WithstandsAsync(() => FloodAsync([], new Frame(FrameType.Priority, 0, 1, [0, 0, 0, 3, 1]).ToBytes()));

    [Fact]
    public async Task WindowUpdates_WithoutEnd_GoodClientIsServed() =>
        await target.WithstandsAsync(() => FloodAsync(Frame.Headers(1, Block).ToBytes(), Frame.WindowUpdate(1, 1).ToBytes()));

    [Fact]
    public async Task UnknownFrames_WithoutEnd_GoodClientIsServed() =>
        await target.WithstandsAsync(() => FloodAsync([], new Frame((FrameType)0x7f, 0, 1, new byte[100]).ToBytes()));

    [Fact]
    public async Task RefusedRequests_WithoutEnd_GoodClientIsServed() =>
        await target.WithstandsAsync(async () =>
        {
            byte[] noKey = Hpack.Encode([.. Http2Requests.Pseudo, ("content-type", "application/json")]);
            await using var connection = await RawHttp2.OpenAsync(target.Proxy);
            var reading = connection.DrainAsync();
            for (var stream = 1; stream < 10_000; stream += 2)
            {
                if (!await connection.TryFloodAsync(Frame.Headers(stream, noKey, endStream: true).ToBytes(), 1))
                {
                    break;
                }
            }

            await connection.DisposeAsync();
            await EndAsync(reading);
        });

    private static async Task<int> ResetAsync(RawHttp2 connection, int count)
    {
        const int Batch = 50;
        for (var sent = 0; sent < count; sent += Batch)
        {
            var first = sent;
            byte[] frames = [.. Enumerable.Range(first, Batch)
                .SelectMany(number => (Frame[])[Frame.Headers((2 * number) + 1, Block), Frame.Reset((2 * number) + 1)])
                .SelectMany(frame => frame.ToBytes())];
            if (!await connection.TryFloodAsync(frames, 1))
            {
                return sent + Batch;
            }
        }

        return count;
    }

    private static async Task EndAsync(Task reading)
    {
        try
        {
            await reading;
        }
        catch (ObjectDisposedException)
        {
            // The connection was closed on this side.
        }
    }

    private async Task FloodAsync(byte[] first, byte[] frame, bool reads = true)
    {
        await using var connection = await RawHttp2.OpenAsync(target.Proxy);
        await connection.WriteAsync(first);
        var reading = reads ? connection.DrainAsync() : Task.CompletedTask;
        try
        {
            await connection.TryFloodAsync(frame, ManyFrames);
        }
        catch (TimeoutException) when (!reads)
        {
            // The proxy waits for its answers to be read, as it should.
        }

        await connection.DisposeAsync();
        await EndAsync(reading);
    }

    /// <summary>Waits until nothing runs upstream: what clients gave up holds no GPU.</summary>
    private async Task QuietAsync()
    {
        using var client = new GoodClient(target.Proxy);
        await client.SendAsync();
        await Task.WhenAll(target.Vllm.Journal.Requests.Select(request => request.Ended)).WaitAsync(AttackedProxy.Guard);
    }
}
