using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace VllmSecure.Benchmarks.Compare.Servers;

/// <summary>YARP and nothing else: TLS, one route, one line of log a request. What any proxy made with it costs at the least.</summary>
internal static class BareYarpServer
{
    private const string Upstream = "upstream";

    public static async Task<int> RunAsync(int port, int upstreamPort, string certificateFile, string keyFile, string accessLog)
    {
        await using var log = new BareAccessLog(accessLog);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseBenchmarkTls(certificateFile, keyFile));
        });
        builder.Services.AddReverseProxy()
            .LoadFromMemory([Route()], [Cluster(upstreamPort)])
            .ConfigureHttpClient((_, handler) => handler.PooledConnectionIdleTimeout = UpstreamPool.IdleTime);
        await using var app = builder.Build();
        app.Use(log.InvokeAsync);
        app.MapReverseProxy();
        await app.RunAsync();
        return 0;
    }

    private static RouteConfig Route() => new() { RouteId = Upstream, ClusterId = Upstream, Match = new RouteMatch { Path = "{**path}" } };

    private static ClusterConfig Cluster(int port) => new()
    {
        ClusterId = Upstream,
        HttpRequest = new ForwarderRequestConfig { Version = HttpVersion.Version11, ActivityTimeout = TimeSpan.FromMinutes(10) },
        Destinations = new Dictionary<string, DestinationConfig> { [Upstream] = new() { Address = $"http://127.0.0.1:{port}" } },
    };
}
