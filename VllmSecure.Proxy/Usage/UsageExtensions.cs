using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Usage;

internal static class UsageExtensions
{
    /// <summary>Totals by day, key and model, kept across restarts; the command <c>usage</c>.</summary>
    public static WebApplicationBuilder AddUsage(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<UsageOptions>().BindConfiguration(UsageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<UsageOptions>, UsageOptionsValidator>();
        services.AddSingleton<UsageFile>();
        services.AddSingleton<UsageLedger>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageLedger>());
        services.AddSingleton<IStatusContributor, UsageStatus>();
        services.AddSingleton<IProxyCommand, UsageCommand>();
        return builder;
    }

    /// <summary>Outside of the errors, so that the outcome is settled.</summary>
    public static IApplicationBuilder UseUsage(this IApplicationBuilder app) => app.UseMiddleware<UsageMiddleware>();
}
