using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Routing.Doctor;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>What <c>doctor</c> says of vLLM: that it answers the proxy, and nobody around it.</summary>
public sealed class DoctorTests : IDisposable
{
    // Stands for an interface that others reach: a listener of 127.0.0.1 is closed there, one of 0.0.0.0 is open.
    private static readonly MachineAddresses Outside = new([IPAddress.Parse("127.0.0.2")]);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("vllm-secure-test-");

    [Fact]
    public async Task Reachability_ServerThatServes_NamesModelAndVersion()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });

        var (code, text) = await RunAsync<ReachabilityCheck>(vllm.Address.ToString());

        Assert.Equal(0, code);
        Assert.Matches($@"^ok    vLLM: vllm \({vllm.Address}\) serves {ChatRequests.Model} with vLLM [0-9.]+\.", text);
    }

    [Fact]
    public async Task Reachability_NobodyListens_FailsWithTheSetting()
    {
        var vllm = await SimulatedVllm.StartAsync();
        await vllm.DisposeAsync();

        var (code, text) = await RunAsync<ReachabilityCheck>(vllm.Address.ToString());

        Assert.Equal(1, code);
        Assert.Matches(@"^FAIL  vLLM: vllm \(.*\) cannot be reached: .*refused.* Fix: start it, or correct Upstreams:vllm:Address\.", text);
    }

    [Fact]
    public async Task Reachability_ServerWithAKey_FailsUntilItIsConfigured()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { ApiKey = "key-of-vllm" });

        var (code, text) = await RunAsync<ReachabilityCheck>(vllm.Address.ToString());
        var (codeWithKey, _) = await RunAsync<ReachabilityCheck>(vllm.Address.ToString(), settings: "--Upstreams:vllm:ApiKey=key-of-vllm");

        Assert.Equal((1, 0), (code, codeWithKey));
        Assert.Contains("answers 401. Fix: set Upstreams:vllm:ApiKey", text, StringComparison.Ordinal);
        Assert.DoesNotContain("key-of-vllm", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reachability_DeadEngine_FailsWithItsFix()
    {
        await using var vllm = await SimulatedVllm.StartAsync();
        vllm.Faults.EngineDead = true;

        var (code, text) = await RunAsync<ReachabilityCheck>(vllm.Address.ToString());

        Assert.Equal(1, code);
        Assert.Contains("answers 503. Fix: wait until it has loaded its model", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reachability_ServerThatAcceptsAndIsSilent_FailsInTime()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var clock = new FakeTimeProvider();

        var run = RunAsync<ReachabilityCheck>($"http://{listener.LocalEndpoint}", clock: clock);
        using var connection = await listener.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(30));
        clock.Advance(TimeSpan.FromSeconds(5));
        var (code, text) = await run;

        Assert.Equal(1, code);
        Assert.Contains("does not answer within 5 s. Fix: start it", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reachability_PlainHttpToTheInternet_FailsWithTheSettingThatAllowsIt()
    {
        var (code, text) = await RunAsync<ReachabilityCheck>("http://203.0.113.9:8000");

        Assert.Equal(1, code);
        Assert.Contains("Upstreams:vllm:AllowPlainHttp", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exposure_BoundToLoopback_Passes()
    {
        await using var vllm = await SimulatedVllm.StartAsync();

        var (code, text) = await RunAsync<ExposureCheck>(vllm.Address.ToString());

        Assert.Equal(0, code);
        Assert.StartsWith($"ok    exposure: vllm takes no connections on port {vllm.Address.Port} ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("127.0.0.2")]
    public async Task Exposure_BoundToEveryAddress_FailsWithTheFix(string host)
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Urls = "http://0.0.0.0:0" });
        var port = vllm.Address.Port;

        var (code, text) = await RunAsync<ExposureCheck>($"http://{host}:{port}");

        Assert.Equal(1, code);
        Assert.Contains($"FAIL  exposure: vllm can be reached without the proxy, on 127.0.0.2:{port}. Fix: bind vLLM to 127.0.0.1: vllm serve --host 127.0.0.1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exposure_RealInterfaces_AreTriedToo()
    {
        var machine = MachineAddresses.Find();
        using var listener = new TcpListener(IPAddress.IPv6Any, 0) { Server = { DualMode = true } };
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var (code, text) = await RunAsync<ExposureCheck>($"http://127.0.0.1:{port}", machine);

        Assert.DoesNotContain(machine.All, IPAddress.IsLoopback);
        Assert.Equal(machine.All.Count > 0 ? 1 : 0, code);
        Assert.All(machine.All, address => Assert.Contains(new IPEndPoint(address, port).ToString(), text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http", "10.1.2.3", "ok    exposure: vllm has 10.1.2.3")]
    [InlineData("http", "203.0.113.9", "FAIL  exposure: vllm has 203.0.113.9, which the whole internet can reach, in plain HTTP. Fix: give it a private address")]
    [InlineData("https", "203.0.113.9", "warn  exposure: vllm has 203.0.113.9, which the whole internet can reach. Fix: give it a private address")]
    public async Task Exposure_Elsewhere_MustBePrivate(string scheme, string address, string expected)
    {
        var (code, text) = await RunAsync<ExposureCheck>($"{scheme}://{address}:8000", settings: "--Upstreams:vllm:AllowPlainHttp=true");

        Assert.Equal(expected.StartsWith("FAIL", StringComparison.Ordinal) ? 1 : 0, code);
        Assert.StartsWith(expected, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.1.2.3", "ok    ")]
    [InlineData("203.0.113.9", "FAIL  ")]
    [InlineData(null, "skip  ")]
    public async Task Exposure_Name_IsJudgedByItsAddress(string? address, string expected)
    {
        var names = new FakeNames(_ => address is null ? throw new SocketException((int)SocketError.HostNotFound) : [IPAddress.Parse(address)]);

        var (_, text) = await RunAsync<ExposureCheck>("http://gpu-box.example:8000", names: names);

        Assert.StartsWith(expected, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exposure_UnixSocket_Passes()
    {
        var (code, text) = await RunAsync<ExposureCheck>("unix:/run/vllm.sock");

        Assert.Equal(0, code);
        Assert.StartsWith("ok    exposure: vllm listens on /run/vllm.sock", text, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private async Task<(int Code, string Text)> RunAsync<TCheck>(
        string address, MachineAddresses? machine = null, FakeNames? names = null, TimeProvider? clock = null, params string[] settings)
        where TCheck : IDoctorCheck
    {
        string[] arguments = ["--environment=Development", $"--DataDirectory={_data.FullName}", $"--Upstreams:vllm:Address={address}", .. settings];
        await using var app = ProxyApp.Build(arguments, builder =>
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(machine ?? Outside));
            builder.Services.Replace(ServiceDescriptor.Singleton(clock ?? TimeProvider.System));
            names?.AddTo(builder);
        });
        using var output = new StringWriter();
        var check = app.Services.GetServices<IDoctorCheck>().OfType<TCheck>().Single();
        var code = await new DoctorCommand([check]).RunAsync(output, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        return (code, output.ToString());
    }
}
