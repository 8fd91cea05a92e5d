using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.Health;

internal static class HealthExtensions
{
    /// <summary>The host must wait longer than the drain and the unwinding after it.</summary>
    private static readonly TimeSpan HostMargin = TimeSpan.FromSeconds(15);

    // The manager's end of the notify protocol (sd_notify(3)).
    private const string NotifySocket = "NOTIFY_SOCKET";

    /// <summary>Drain, health and what supervisors ask; <paramref name="management"/> finds the management listener by configuration.</summary>
    public static WebApplicationBuilder AddProxyHealth(this WebApplicationBuilder builder, Func<IServiceProvider, Uri> management)
    {
        var services = builder.Services;
        services.AddOptions<ShutdownOptions>().BindConfiguration(ShutdownOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ShutdownOptions>, ShutdownOptionsValidator>();
        services.AddSingleton<RunningRequests>();
        services.AddHostedService<DrainService>();
        services.AddHealthChecks().AddCheck<DrainHealthCheck>("drain");
        services.AddSingleton(provider => new ManagementAddress(() => management(provider)));
        services.AddSingleton<ManagementClient>();
        services.AddSingleton<IProxyCommand, HealthCheckCommand>();
        services.AddSingleton<IProxyCommand>(provider => new DrainCommand(
            provider.GetRequiredService<ManagementClient>(), DrainEndpoints.Drain, "Take no new requests; those that run finish, readiness is off."));
        services.AddSingleton<IProxyCommand>(provider => new DrainCommand(
            provider.GetRequiredService<ManagementClient>(), DrainEndpoints.Undrain, "Take new requests again."));
        services.AddSystemdNotifications();

        // Read apart from the validated options: the host asks for it before anything is validated.
        var setting = builder.Configuration[$"{ShutdownOptions.Section}:{nameof(ShutdownOptions.DrainSeconds)}"];
        var drainSeconds = int.TryParse(setting, CultureInfo.InvariantCulture, out var seconds) ? seconds : new ShutdownOptions().DrainSeconds;
        services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = TimeSpan.FromSeconds(Math.Clamp(drainSeconds, 0, ShutdownOptions.MaxDrainSeconds)) + HostMargin;

            // A helper that fails is logged as an error. To stop the host for it, as is the default, would end everybody's streams.
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
        return builder;
    }

    /// <summary>
    /// READY=1, STOPPING=1 and STATUS= for whoever wants to be told. Not AddSystemd(): that looks into /proc for systemd as
    /// the parent, where the unit's ProtectProc= hides it, and the start would time out.
    /// </summary>
    private static void AddSystemdNotifications(this IServiceCollection services)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(NotifySocket)))
        {
            services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
            services.AddSingleton<IHostLifetime, SystemdLifetime>();
            services.AddHostedService<SystemdStatus>();
        }
    }

    /// <summary>Turns new requests away once the proxy is shutting down, or was told to drain.</summary>
    public static IApplicationBuilder UseDrainGate(this IApplicationBuilder app) => app.UseMiddleware<DrainGateMiddleware>();
}
