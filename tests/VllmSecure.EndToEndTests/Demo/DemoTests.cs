using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VllmSecure.EndToEndTests.Acme;
using VllmSecure.Simulator;

namespace VllmSecure.EndToEndTests.Demo;

/// <summary>The first thing that a stranger types.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task Run_AsPrinted_StreamsThenEndsOnCtrlC()
    {
        await using var demo = new DemoProcess();
        var endpoint = After("Endpoint: ", await demo.ReadLineAsync());
        var key = After("API key:  ", await demo.ReadLineAsync());
        var authority = After("CA file:  ", await demo.ReadLineAsync());
        var command = After("Try it:   ", await demo.ReadLineAsync());
        Assert.StartsWith("https://", endpoint, StringComparison.Ordinal);
        Assert.True(File.Exists(authority), authority);
        Assert.Contains(key, command, StringComparison.Ordinal);

        await AssertStreamsAsync(command, "Qwen/Qwen3-0.6B");
        await demo.InterruptAsync();

        var (exitCode, rest) = await demo.EndAsync();
        Assert.Equal(0, exitCode);
        Assert.Empty(rest);
    }

    [Fact]
    public async Task Run_WithAnUpstream_ServesItAndNamesItsModel()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = ["it's/mine", "other"] });
        await using var demo = new DemoProcess([new("Upstreams__vllm__Address", vllm.Address.ToString())]);

        var command = After("Try it:   ", await ReadFourthAsync(demo));
        await AssertStreamsAsync(command, "it's/mine");

        Assert.Contains(vllm.Journal.Requests, request => request is { Path: "/v1/chat/completions", StatusCode: 200, Model: "it's/mine" });
    }

    [Fact]
    public async Task Run_WithAnUpstreamThatDoesNotAnswer_LeavesTheModelToTheReader()
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        await vllm.StopAsync();
        await using var demo = new DemoProcess([new("Upstreams__vllm__Address", vllm.Address.ToString())]);

        Assert.Contains("\"model\":\"MODEL\"", await ReadFourthAsync(demo), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnAPortInUse_SaysSoInOneSentenceAndEndsWith1()
    {
        using var taken = new TcpListener(IPAddress.IPv6Any, 0) { Server = { DualMode = true } };
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        await using var demo = new DemoProcess([new("HTTPS_PORTS", port)]);

        var (exitCode, lines) = await demo.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains(port, Assert.Single(lines), StringComparison.Ordinal);
    }

    private static async Task<string> ReadFourthAsync(DemoProcess demo)
    {
        for (var line = 1; line < 4; line++)
        {
            await demo.ReadLineAsync();
        }

        return await demo.ReadLineAsync();
    }

    private static string After(string label, string line)
    {
        Assert.StartsWith(label, line, StringComparison.Ordinal);
        return line[label.Length..];
    }

    private static async Task AssertStreamsAsync(string command, string model)
    {
        Programs.Find("curl");
        var (exitCode, output) = await Programs.RunAsync("/bin/sh", "-c", command);
        Assert.True(exitCode == 0, output);
        var events = output.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).ToList();
        Assert.True(events.Count > 3, output);
        Assert.Equal("data: [DONE]", events[^1]);
        Assert.Contains(model, events[0], StringComparison.Ordinal);
    }
}
