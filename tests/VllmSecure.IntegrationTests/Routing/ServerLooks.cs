using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Routing.Health;
using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>Looks at servers when a test says so.</summary>
internal static class ServerLooks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static UpstreamServer Server(this ProxyUnderTest proxy, string name) =>
        proxy.Services.GetRequiredService<UpstreamServers>().All.Single(server => server.Name == name);

    public static Task LookAsync(this ProxyUnderTest proxy, UpstreamServer server) => proxy.Services.GetRequiredService<ServerProbe>()
        .LookAsync(server, proxy.Services.GetRequiredService<IOptions<UpstreamHealthOptions>>().Value, CancellationToken.None)
        .WaitAsync(Patience);

    public static async Task LookAtAllAsync(this ProxyUnderTest proxy)
    {
        foreach (var server in proxy.Services.GetRequiredService<UpstreamServers>().All)
        {
            await proxy.LookAsync(server);
        }
    }
}
