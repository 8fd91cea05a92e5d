using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace VllmSecure.EndToEndTests.Compose;

/// <summary>What <c>aspire publish</c> wrote, started as on a server, with the simulator in vLLM's place.</summary>
[Collection("docker")]
public sealed class PublishedServerTests(PublishedServer server) : IClassFixture<PublishedServer>
{
    [Fact]
    public async Task Stream_OverHttps_ArrivesWhole()
    {
        await server.StartAsync();
        using var client = server.CreateClient();

        using var response = await PublishedServer.BeginStreamAsync(client);
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.EndsWith("data: [DONE]\n\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithoutTheKey_IsRefused()
    {
        await server.StartAsync();
        using var client = server.CreateClient("vs-wrong-0123456789-0123456789-0123456789");

        using var response = await client.GetAsync(new Uri("/v1/models", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Ports_OfAllServices_AreTheDocumentedOnes()
    {
        await server.StartAsync();
        const string format = "{{range $port, $bindings := .NetworkSettings.Ports}}{{range $bindings}}{{.HostIp}}:{{.HostPort}} {{end}}{{end}}";

        Assert.Empty(await server.InspectAsync("vllm", format));
        Assert.Equal("127.0.0.1:18888", await server.InspectAsync("dashboard", format));
        Assert.Equal(["0.0.0.0:443", "0.0.0.0:80"], Ipv4(await server.InspectAsync("proxy", format)));
    }

    [Fact]
    public async Task Vllm_OnAnyAddressOfTheHost_DoesNotListen()
    {
        await server.StartAsync();

        Assert.All(HostAddresses(), address => Assert.False(CanConnect(address, 8000), $"{address}:8000 is open"));
    }

    [Fact]
    public async Task Vllm_FromAContainerOutsideItsNetwork_IsUnreachable()
    {
        await server.StartAsync();
        var address = await server.InspectAsync("vllm", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");

        var inside = await CurlAsync("vllm-secure-test_inference", address);
        var outside = await CurlAsync("vllm-secure-test_edge", address);
        var elsewhere = await CurlAsync("bridge", address);

        Assert.Equal(0, inside);
        Assert.NotEqual(0, outside);
        Assert.NotEqual(0, elsewhere);
    }

    [Fact]
    public async Task Vllm_HasNoWayOut()
    {
        await server.StartAsync();

        Assert.Equal("vllm-secure-test_inference", await server.InspectAsync("vllm", "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}"));
        Assert.Equal("true", await DockerHost.RunAsync("network", "inspect", "--format", "{{.Internal}}", "vllm-secure-test_inference"));
        // The host's port 443 stands for the world: the proxy answers there, and not to vLLM.
        var gateway = await DockerHost.RunAsync("network", "inspect", "--format", "{{range .IPAM.Config}}{{.Gateway}}{{end}}", "vllm-secure-test_edge");
        var (exitCode, _) = await server.TryExecAsync("vllm", "curl", "-sk", "--max-time", "3", $"https://{gateway}/");
        Assert.NotEqual(0, exitCode);
    }

    [Fact]
    public async Task Dashboard_AnswersOnLoopbackOnlyAndWantsItsToken()
    {
        await server.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

        using var response = await client.GetAsync(new Uri("http://127.0.0.1:18888/structuredlogs"));

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Contains("/login", response.Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.All(HostAddresses(), address => Assert.False(CanConnect(address, 18888), $"{address}:18888 is open"));
    }

    [Fact]
    public async Task Proxy_IsAnUnprivilegedUserOnAReadOnlyFileSystem()
    {
        await server.StartAsync();

        var (_, status) = await server.TryExecAsync("proxy", "cat", "/proc/1/status");
        var (written, reason) = await server.TryExecAsync("proxy", "touch", "/app/new");

        Assert.Matches(@"Uid:\s+1654\s+1654\s+1654\s+1654", status);
        Assert.Matches(@"Gid:\s+1654", status);
        Assert.Matches(@"CapEff:\s+0+\n", status);
        Assert.Matches(@"NoNewPrivs:\s+1", status);
        Assert.NotEqual(0, written);
        Assert.Contains("Read-only file system", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyExchange_IsPostQuantum()
    {
        await server.StartAsync();

        var (_, output) = await server.TryExecAsync("pebble", "openssl", "s_client", "-connect", $"{PublishedFiles.Domain}:8443", "-groups", "X25519MLKEM768", "-brief");

        Assert.Contains("X25519MLKEM768", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_KeepsCertificateAndKeys()
    {
        await server.StartAsync();
        var (created, key) = await server.TryProxyAsync("keys", "create", "restart-test");
        Assert.True(created == 0, key);
        var before = await ServedSerialAsync();

        await server.ComposeAsync("restart", "proxy");
        await server.UntilReadyAsync();

        Assert.Equal(before, await ServedSerialAsync());
        using var client = server.CreateClient(key.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).First(word => word.StartsWith("vllms_", StringComparison.Ordinal)));
        using var response = await client.GetAsync(new Uri("/v1/models", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Stop_WhileAStreamRuns_LetsItFinish()
    {
        await server.StartAsync();
        using var client = server.CreateClient();
        using var response = await PublishedServer.BeginStreamAsync(client);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.StartsWith("data:", await lines.ReadLineAsync(), StringComparison.Ordinal);

        var stopping = server.ComposeAsync("stop", "proxy");
        var rest = await lines.ReadToEndAsync();
        await stopping;

        Assert.EndsWith("data: [DONE]\n\n", rest, StringComparison.Ordinal);
        Assert.Equal("0", await server.InspectAsync("proxy", "{{.State.ExitCode}}"));
        await server.ComposeAsync("start", "proxy");
        await server.UntilReadyAsync();
    }

    private async Task<string> ServedSerialAsync()
    {
        using var client = server.CreateClient();
        using var response = await client.GetAsync(new Uri("/v1/models", UriKind.Relative));
        return server.Served!.SerialNumber;
    }

    private static async Task<int> CurlAsync(string network, string address) =>
        (await DockerHost.TryAsync("run", "--rm", "--network", network, DockerHost.BaseImage, "curl", "-s", "-o", "/dev/null", "--max-time", "3", $"http://{address}:8000/health")).ExitCode;

    private static string[] Ipv4(string bindings) =>
        [.. bindings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(binding => !binding.StartsWith(':')).Order(StringComparer.Ordinal)];

    /// <summary>Every IPv4 address of this machine but loopback: those of its bridges are among them.</summary>
    private static IPAddress[] HostAddresses()
    {
        var addresses = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))
            .ToArray();
        Assert.NotEmpty(addresses);
        return addresses;
    }

    private static bool CanConnect(IPAddress address, int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(address, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
