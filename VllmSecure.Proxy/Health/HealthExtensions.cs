using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Health;

internal static class HealthExtensions
{
    /// <summary>The host must wait longer than the drain and the unwinding after it.</summary>
    private static readonly TimeSpan HostMargin = TimeSpan.FromSeconds(15);

    public static WebApplicationBuilder AddProxyHealth(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ShutdownOptions>().BindConfiguration(ShutdownOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ShutdownOptions>, ShutdownOptionsValidator>();
        services.AddSingleton<RunningRequests>();
        services.AddHostedService<DrainService>();
        services.AddHealthChecks().AddCheck<DrainHealthCheck>("shutdown");
        services.AddOptions<HostOptions>().Configure<IOptions<ShutdownOptions>>((host, shutdown) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(shutdown.Value.DrainSeconds) + HostMargin);
        return builder;
    }

    /// <summary>Turns new requests away once the proxy is shutting down.</summary>
    public static IApplicationBuilder UseDrainGate(this IApplicationBuilder app) => app.UseMiddleware<DrainGateMiddleware>();
}
