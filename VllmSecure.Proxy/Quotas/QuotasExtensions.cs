using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Quotas;

internal static class QuotasExtensions
{
    /// <summary>Limits of requests, tokens and concurrency per key and in all.</summary>
    public static WebApplicationBuilder AddQuotas(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<QuotasOptions>().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<QuotasOptions>, QuotasOptionsSetup>();
        services.AddSingleton<IValidateOptions<QuotasOptions>, QuotasOptionsValidator>();
        services.AddSingleton<InMemoryQuotaStore>();
        services.AddSingleton<IQuotaStore>(provider => provider.GetRequiredService<InMemoryQuotaStore>());
        services.AddHostedService<DayUsageKeeper>();
        return builder;
    }

    /// <summary>429 beyond a limit. After the policy, so that a refused request costs nothing; around response inspection, which finds the usage.</summary>
    public static IApplicationBuilder UseQuotas(this IApplicationBuilder app) => app.UseMiddleware<QuotasMiddleware>();
}
