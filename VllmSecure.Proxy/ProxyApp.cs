using VllmSecure.Proxy.ApiKeys;
using VllmSecure.Proxy.ApiSurface;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Cors;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Health;
using VllmSecure.Proxy.Listeners;
using VllmSecure.Proxy.Routing;
using VllmSecure.Proxy.Storage;
using VllmSecure.Proxy.Telemetry;
using VllmSecure.ServiceDefaults;

namespace VllmSecure.Proxy;

/// <summary>The composition root: the only place that knows every feature, registers them and orders the pipeline.</summary>
public static class ProxyApp
{
    /// <summary>Runs a command of the command line, or serves until the process is told to stop.</summary>
    /// <returns>The exit code: 0 for success.</returns>
    public static Task<int> RunAsync(string[] args) => ProxyCommandLine.RunAsync(args, arguments => Build(arguments), ServeAsync);

    /// <summary>Builds the proxy without starting it.</summary>
    /// <param name="args">Configuration as command-line arguments (<c>--Key=value</c>).</param>
    /// <param name="configure">Changes the builder last, for hosts that embed the proxy and for tests.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder
            .AddSecretFiles()
            .AddTelemetry()
            .AddStorage()
            .AddListeners(https => https.UseHttps())
            .AddProxyHealth()
            .AddProxyCors()
            .AddApiSurface()
            .AddApiKeys()
            .AddUpstreams();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseExchange(); // First: everything behind it shares one exchange per request.
        app.UseErrors(); // Outside all features, so that each failure gets a body.
        app.MapListener(ListenerRole.Redirect, http => http.RunHttpsRedirect()); // Plain HTTP ends here.
        app.MapListener(ListenerRole.Management, management => management // A branch has routes of its own: they answer on no other listener.
            .UseRouting()
            .UseEndpoints(endpoints => endpoints.MapDefaultEndpoints()));
        app.UseDrainGate(); // Before any work is done for a request that would be cut.
        app.UseProxyCors(); // A preflight carries no key, so before authentication.
        app.UseApiSurface(); // What is no open endpoint costs nothing more.
        app.UseApiKeys(); // Authenticate before anything is read of the body.
        app.UseUpstreams(); // Last: forwards.
        return app;
    }

    private static async Task<int> ServeAsync(WebApplication app)
    {
        await app.RunAsync();
        return 0;
    }
}
