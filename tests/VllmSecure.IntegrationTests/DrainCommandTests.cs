using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>A proxy that is taken out of service by command, and back.</summary>
public sealed class DrainCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Drain_WithARunningStream_FinishesItAndRefusesNewWorkUntilUndrained()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 2));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        using var management = new HttpClient { BaseAddress = proxy.Addresses.Management };
        using var stream = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true, maxTokens: 4));

        Assert.Equal(0, await CommandAsync(proxy, "drain"));
        using var refused = await proxy.Client.SendAsync(ChatRequests.Chat());
        using var notReady = await management.GetAsync("/health/ready");
        using var live = await management.GetAsync("/health/live");
        vllm.Faults.Release();
        var text = await stream.Content.ReadAsStringAsync().WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        Assert.Equal("draining", await refused.ErrorCodeAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, notReady.StatusCode);
        Assert.Contains("undrain", await notReady.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);

        Assert.Equal(0, await CommandAsync(proxy, "undrain"));
        using var served = await proxy.Client.SendAsync(ChatRequests.Chat());
        using var ready = await management.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Drain_EmptiedLongAgo_StopsAtOnceAndOnlyWhenTold()
    {
        await using var vllm = await SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model] });
        vllm.Faults.Next(Fault.Stall(afterTokens: 2));
        await using var proxy = await ProxyUnderTest.StartAsync(vllm.Address);
        Assert.Equal(0, await CommandAsync(proxy, "drain"));
        Assert.Equal(0, await CommandAsync(proxy, "undrain"));

        // The drain has seen it empty once; at shutdown this stream counts all the same.
        using var stream = await proxy.Client.SendForStreamAsync(ChatRequests.Chat(stream: true, maxTokens: 4));
        await vllm.Journal.WaitForAsync(request => request.FaultStruck).WaitAsync(Patience);
        var stopping = proxy.StopAsync();
        Assert.False(stopping.IsCompleted);
        vllm.Faults.Release();
        var text = await stream.Content.ReadAsStringAsync().WaitAsync(Patience);
        await stopping.WaitAsync(Patience);

        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_FromAPageInABrowser_IsRefused()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        using var management = new HttpClient { BaseAddress = proxy.Addresses.Management };

        using var response = await management.PostAsync("/drain", content: null);
        using var request = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("no_upstream", await request.ErrorCodeAsync());
    }

    /// <summary>DNS rebinding: the page's own host name leads to loopback, so its requests are of the same origin and may have any header.</summary>
    [Theory]
    [InlineData("evil.example", HttpStatusCode.NotFound)]
    [InlineData("localhost.evil.example", HttpStatusCode.NotFound)]
    [InlineData("192.0.2.1", HttpStatusCode.NotFound)]
    [InlineData("proxy.dev.localhost", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    public async Task Management_ByAnotherName_DoesNotExist(string host, HttpStatusCode expected)
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        using var management = new HttpClient { BaseAddress = proxy.Addresses.Management };
        foreach (var (method, path) in new[] { (HttpMethod.Get, "/status"), (HttpMethod.Get, "/metrics"), (HttpMethod.Post, "/drain") })
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Host = $"{host}:{proxy.Addresses.Management.Port}";
            request.Headers.Add("X-VllmSecure-Command", "1");

            using var response = await management.SendAsync(request);

            Assert.Equal(expected, response.StatusCode is HttpStatusCode.Accepted ? HttpStatusCode.OK : response.StatusCode);
        }
    }

    [Fact]
    public async Task Drain_OnTheInferenceListener_DoesNotExist()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        using var request = ChatRequests.Post("/drain", "{}");
        request.Headers.Add("X-VllmSecure-Command", "1");

        using var response = await proxy.Client.SendAsync(request);
        using var next = await proxy.Client.SendAsync(ChatRequests.Chat());

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("no_upstream", await next.ErrorCodeAsync());
    }

    /// <summary><c>Connection: close</c> is a header of HTTP/1.1 only, and Kestrel warns of each one elsewhere.</summary>
    [Theory]
    [InlineData("1.1", true)]
    [InlineData("2.0", false)]
    public async Task Drained_RefusesWithoutAWarning(string version, bool closes)
    {
        await using var proxy = await ProxyUnderTest.StartAsync(configure: builder => builder.Logging.AddFakeLogging());
        using var request = ChatRequests.Chat();
        request.Version = Version.Parse(version);
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        Assert.Equal(0, await CommandAsync(proxy, "drain"));

        using var refused = await proxy.Client.SendAsync(request);

        Assert.Equal("draining", await refused.ErrorCodeAsync());
        Assert.Equal(closes, refused.Headers.ConnectionClose == true);
        Assert.DoesNotContain(proxy.Services.GetFakeLogCollector().GetSnapshot(), record => record.Message.Contains("HTTP/2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Drained_TellsAPageOfAnAllowedOrigin()
    {
        const string page = "https://chat.example.org";
        await using var proxy = await ProxyUnderTest.StartAsync(settings: [new("Cors:AllowedOrigins:0", page)]);
        using var request = ChatRequests.Chat();
        request.Headers.Add("Origin", page);
        Assert.Equal(0, await CommandAsync(proxy, "drain"));

        using var refused = await proxy.Client.SendAsync(request);

        Assert.Equal("draining", await refused.ErrorCodeAsync());
        Assert.Equal(page, Assert.Single(refused.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Drain_WhereNothingRuns_Fails()
    {
        int port;
        await using (var proxy = await ProxyUnderTest.StartAsync())
        {
            port = proxy.Addresses.Management.Port;
        }

        var data = Directory.CreateTempSubdirectory("vllm-secure-test-");
        Assert.Equal(1, await ProxyApp.RunAsync(["drain", $"--Management:Port={port}", $"--DataDirectory={data.FullName}"]));
        data.Delete(recursive: true);
    }

    private static Task<int> CommandAsync(ProxyUnderTest proxy, string command) =>
        ProxyApp.RunAsync([command, $"--Management:Port={proxy.Addresses.Management.Port}", $"--DataDirectory={proxy.DataDirectory}"]).WaitAsync(Patience);
}
