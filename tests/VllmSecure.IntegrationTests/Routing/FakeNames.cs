using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.Proxy.Routing.Connections;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>A DNS of the test's own.</summary>
internal sealed class FakeNames(Func<string, IPAddress[]> resolve) : INameResolver
{
    public void AddTo(WebApplicationBuilder builder) => builder.Services.AddSingleton<INameResolver>(this);

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Task.FromResult(resolve(host));
}
