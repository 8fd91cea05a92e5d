using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using VllmSecure.EndToEndTests.Acme;
using VllmSecure.Simulator;

namespace VllmSecure.EndToEndTests.Attacks.Resources;

/// <summary>The machine has no more handles, or no more space: what can be served is, and all is well again when there is some.</summary>
[Collection(UnderAttack.Name)]
public sealed class ExhaustionTests
{
    [Fact]
    public async Task Disk_Full_RequestsAreServedAndTheLogGoesOnLater()
    {
        await using var disk = await SmallDisk.MountAsync();
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [AttackedProxy.Model] });
        var log = Path.Combine(disk.Folder, "log", "access.log");
        await using var proxy = await AttackedProxy.StartAsync(
            vllm.Address, ("DataDirectory", Path.Combine(disk.Folder, "data")), ("AccessLog:File", log), ("Usage:SaveSeconds", "1"));
        using var client = new GoodClient(proxy);
        await client.SendAsync();

        proxy.MayFail = true;
        disk.Fill();
        while (!proxy.Log.Contains("No space left", StringComparison.Ordinal))
        {
            await client.SendAsync().WaitAsync(AttackedProxy.Guard);
        }

        await proxy.UntilLoggedAsync("usage"); // The ledger says that it could not be saved.
        await client.SendAsync();

        disk.Free();
        var written = new FileInfo(log).Length;
        using var deadline = new CancellationTokenSource(AttackedProxy.Guard);
        while (new FileInfo(log).Length <= written)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await client.SendAsync();
        }

        Assert.DoesNotContain("BackgroundService failed", proxy.Log, StringComparison.Ordinal);
        await using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync() is { } line)
        {
            JsonDocument.Parse(line).Dispose(); // None is broken, nor glued to what the full disk left of another.
        }
    }

    [Fact]
    public async Task Handles_Exhausted_ProxyServesAgainWhenThereAreSome()
    {
        var prlimit = Programs.FindInstalled("prlimit");
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [AttackedProxy.Model] });
        await using var proxy = await AttackedProxy.StartAsync(vllm.Address);
        using (var first = new GoodClient(proxy))
        {
            await first.SendAsync();
        }

        proxy.MayFail = true; // It says so, as it must.
        await LimitAsync(string.Create(CultureInfo.InvariantCulture, $"{proxy.Figures.Handles + 20}:4096"));
        var sockets = new List<Socket>();
        for (var count = 0; count < 200; count++)
        {
            sockets.Add(await proxy.ConnectAsync()); // The kernel's queue takes those that the proxy cannot.
        }

        await proxy.UntilLoggedAsync("Too many open files");
        sockets.ForEach(socket => socket.Dispose());

        using var client = new GoodClient(proxy);
        await client.SendAsync().WaitAsync(AttackedProxy.Guard);

        Assert.DoesNotContain("BackgroundService failed", proxy.Log, StringComparison.Ordinal);

        async Task LimitAsync(string range)
        {
            var (exitCode, output) = await Programs.RunAsync(prlimit, string.Create(CultureInfo.InvariantCulture, $"--pid={proxy.ProcessId}"), "--nofile=" + range);
            Assert.True(exitCode == 0, output);
        }
    }
}
