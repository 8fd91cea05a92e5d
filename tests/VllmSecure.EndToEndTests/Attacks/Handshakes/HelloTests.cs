using System.Net.Sockets;

namespace VllmSecure.EndToEndTests.Attacks.Handshakes;

/// <summary>The first bytes of a TLS connection, which nobody has to be known to send.</summary>
public sealed class HelloTests(SimulatorTarget target) : IClassFixture<SimulatorTarget>
{
    private const int Seed = 20_261_123; // Any: the same bytes in every run.

    private static readonly Dictionary<string, HelloCase> Cases = HelloCases.All.ToDictionary(item => item.Name, StringComparer.Ordinal);

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Hello_OfAnyKind_IsAnsweredOrRefused(string name)
    {
        Assert.Equal(Cases[name].Outcome, await OutcomeAsync(Cases[name].Bytes, Cases[name].Ends));
        await ServesAsync();
    }

    [Fact]
    public async Task Hello_CutOffAnywhere_IsClosed()
    {
        var whole = HelloBytes.Record(HelloBytes.ServerName("localhost"));
        foreach (var length in Enumerable.Range(0, whole.Length))
        {
            Assert.NotEqual("hello", await OutcomeAsync(whole[..length], ends: true));
        }

        await ServesAsync();
    }

    [Fact]
    public async Task Hello_WithBytesChanged_IsAnsweredOrRefused()
    {
        var random = new Random(Seed);
        var whole = HelloBytes.Record(HelloBytes.ServerName("localhost"));
        for (var round = 0; round < 500; round++)
        {
            byte[] changed = [.. whole];
            for (var change = 0; change <= round % 5; change++)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            Assert.Contains(await OutcomeAsync(changed, ends: true), (string[])["hello", "alert", "closed"]);
        }

        await ServesAsync();
    }

    /// <summary>Sends and reads the first record that comes back.</summary>
    /// <param name="bytes">What to send.</param>
    /// <param name="ends">Whether to say that nothing more will come.</param>
    private async Task<string> OutcomeAsync(byte[] bytes, bool ends)
    {
        using var socket = await target.Proxy.ConnectAsync();
        var first = new byte[1];
        try
        {
            await socket.SendAsync(bytes);
            if (ends)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            var count = await socket.ReceiveAsync(first).WaitAsync(AttackedProxy.Guard);
            return count == 0 ? "closed" : first[0] switch { 0x16 => "hello", 0x15 => "alert", var other => $"record {other}" };
        }
        catch (SocketException)
        {
            return "closed";
        }
    }

    private async Task ServesAsync()
    {
        using var client = new GoodClient(target.Proxy);
        await client.SendAsync();
    }
}
