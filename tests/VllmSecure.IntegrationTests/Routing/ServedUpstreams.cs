using Microsoft.Extensions.DependencyInjection;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>Names are resolved after a change of the configuration has been told; YARP takes the servers over when that is done.</summary>
internal static class ServedUpstreams
{
    /// <summary>Waits until the proxy's only server is the given one.</summary>
    public static async Task UntilServedByAsync(this ProxyUnderTest proxy, Uri address)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var servers = proxy.Services.GetRequiredService<UpstreamServers>();
        while (servers.All is not [var server] || new Uri(server.Destination.Model.Config.Address) != address)
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }
}
