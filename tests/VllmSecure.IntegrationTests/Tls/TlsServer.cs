using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VllmSecure.Proxy.Storage;
using VllmSecure.Proxy.Tls;
using VllmSecure.Proxy.Tls.Development;

namespace VllmSecure.IntegrationTests.Tls;

/// <summary>The Tls feature alone on a real socket, with the development certificate and a handler of the test's choice.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("vllm-secure-");

    private TlsServer(string[] settings, RequestDelegate? handler)
    {
        var builder = WebApplication.CreateBuilder(["--environment=Development", $"--DataDirectory={_data.FullName}", .. settings]);
        builder.Logging.ClearProviders();
        builder.AddStorage().AddTls();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseProxyTls(TimeSpan.FromSeconds(10))));
        App = builder.Build();
        App.UseProxyHsts();
        App.Run(handler ?? (context => context.Response.WriteAsync("hello")));
    }

    public WebApplication App { get; }

    public int Port => new Uri(App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    public string AuthorityPath => App.Services.GetRequiredService<DevelopmentCertificateAuthority>().Path;

    public T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    public static async Task<TlsServer> StartAsync(string[]? settings = null, RequestDelegate? handler = null)
    {
        var server = new TlsServer(settings ?? [], handler);
        await server.App.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
