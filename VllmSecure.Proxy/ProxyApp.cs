using VllmSecure.Proxy.AccessLog;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Listeners;
using VllmSecure.Proxy.Storage;
using VllmSecure.Proxy.Telemetry;
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
        var builder = WebApplication.CreateBuilder(args);
        builder
            .AddTelemetry()
            .AddAccessLog()
            .AddStorage()
            .AddUsage()
            .AddListeners(https => https.UseHttps());
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseExchange();

        // Outside of the errors: these record the request as it really ended.
        app.UseTelemetry();
        app.UseAccessLog();
        app.UseUsage();
        app.UseErrors();
        app.MapListener(ListenerRole.Redirect, http => http.RunHttpsRedirect());

        // A branch has routes of its own: what is mapped here answers on no other listener.
        app.MapListener(ListenerRole.Management, management => management
            .UseRouting()
            .UseEndpoints(endpoints => endpoints.MapManagement()));
        return app;
    }

    private static async Task<int> ServeAsync(WebApplication app)
    {
        await app.RunAsync();
        return 0;
    }
}
