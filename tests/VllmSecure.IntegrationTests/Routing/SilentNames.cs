using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.Proxy.Routing.Connections;

namespace VllmSecure.IntegrationTests.Routing;

/// <summary>A DNS that never answers, so that a connection takes as long as one to a host that drops every packet.</summary>
internal sealed class SilentNames : INameResolver
{
    public void AddTo(WebApplicationBuilder builder) => builder.Services.AddSingleton<INameResolver>(this);

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        new TaskCompletionSource<IPAddress[]>().Task.WaitAsync(cancellationToken);
}
