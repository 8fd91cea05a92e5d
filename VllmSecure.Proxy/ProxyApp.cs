using VllmSecure.Proxy.AccessLog;
using VllmSecure.Proxy.ApiKeys;
using VllmSecure.Proxy.ApiSurface;
using VllmSecure.Proxy.Caching;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Cors;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Health;
using VllmSecure.Proxy.Inspection;
using VllmSecure.Proxy.Listeners;
using VllmSecure.Proxy.Quotas;
using VllmSecure.Proxy.Reload;
using VllmSecure.Proxy.RequestPolicy;
using VllmSecure.Proxy.Routing;
using VllmSecure.Proxy.Routing.Administration;
using VllmSecure.Proxy.StatefulResponses;
using VllmSecure.Proxy.Storage;
using VllmSecure.Proxy.Telemetry;
using VllmSecure.Proxy.Tls;
using VllmSecure.Proxy.Usage;

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
        var builder = WebApplication.CreateBuilder([ReloadExtensions.NoFileWatcher, .. args]);
        var start = new ProxyStart();
        start.Quieten(builder.Logging);
        builder.Services.AddSingleton(start);
        builder.Services.AddSingleton<IProxyCommand, ConfigCommand>();
        builder
            .AddSecretFiles()
            .AddLastGoodConfiguration()
            .AddTelemetry()
            .AddAccessLog()
            .AddStorage()
            .AddUsage()
            .AddTls()
            .AddListeners((https, handshakeTimeout) => https.UseProxyTls(handshakeTimeout))
            .AddProxyHealth(services => services.GetManagementAddress())
            .AddProxyCors()
            .AddApiSurface()
            .AddApiKeys()
            .AddInspection()
            .AddStatefulResponses()
            .AddRequestPolicy()
            .AddQuotas()
            .AddCaching()
            .AddUpstreams();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseExchange(); // First: everything behind it shares one exchange per request.
        app.UseTelemetry(); // These three outside the errors: they record the request as it really ended.
        app.UseAccessLog();
        app.UseUsage();
        app.UseErrors(); // Outside all features, so that each failure gets a body.
        app.MapListener(ListenerRole.Redirect, http => http // Plain HTTP ends here; the CA's challenges come first, as they follow no redirect to an untrusted certificate.
            .UseAcmeHttpChallenge()
            .RunHttpsRedirect());
        app.MapListener(ListenerRole.Management, management => management // A branch has routes of its own: they answer on no other listener.
            .UseOwnHostNames()
            .UseRouting()
            .UseEndpoints(endpoints =>
            {
                endpoints.MapManagement();
                endpoints.MapDrain();
                endpoints.MapUpstreamAdministration();
            }));
        app.UseProxyHsts(); // Before anything answers, so that every answer over HTTPS carries it.
        app.UseProxyCors(); // A preflight carries no key, so before authentication; a page must be able to read every refusal.
        app.UseDrainGate(); // Before any work is done for a request that would be cut.
        app.UseApiSurface(); // What is no open endpoint costs nothing more.
        app.UseClientCertificates(); // Before the API keys: a certificate may stand for one.
        app.UseApiKeys(); // Authenticate before anything is read of the body.
        app.UseRequestInspection(); // Behind the API key: nobody unknown fills memory with bodies.
        app.UseStatefulResponses(); // Before the policy, which refuses whatever needs state that this has not opened.
        app.UseRequestPolicy(); // Behind the inspection, which has made sure that a body reads the same way here and at vLLM.
        app.UseKeyPermissions(); // After inspection, which finds the model in the body.
        app.UseQuotas(); // Around everything that may use tokens: it settles when they are counted.
        app.UseCaching(); // After quotas, as a hit is a request too; outside the inspection, to keep what the client gets.
        app.UseResponseInspection(); // Sees what the upstream sends, and nothing that the proxy answers by itself.
        app.UseUpstreams(); // Last: forwards.
        return app;
    }

    /// <summary>Starts a proxy that was built.</summary>
    /// <returns>Null, or what is wrong in words for its operator (a setting, a port in use); other failures are thrown.</returns>
    public static Task<string?> TryStartAsync(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Services.GetRequiredService<ProxyStart>().TryStartAsync(app);
    }

    /// <summary>The addresses of a started proxy.</summary>
    public static ProxyAddresses AddressesOf(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var listeners = app.Services.GetRequiredService<BoundListeners>();
        return new ProxyAddresses(
            listeners.AddressOf(ListenerRole.Inference)!,
            listeners.AddressOf(ListenerRole.Redirect),
            listeners.AddressOf(ListenerRole.Management)!,
            app.Services.GetCertificateAuthorityFile());
    }

    private static async Task<int> ServeAsync(WebApplication app)
    {
        await using (app)
        {
            if (await TryStartAsync(app) is { } failure)
            {
                await Console.Error.WriteLineAsync(failure);
                return 1;
            }

            await app.WaitForShutdownAsync();
            return 0;
        }
    }
}
