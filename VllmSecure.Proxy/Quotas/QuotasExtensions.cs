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

        // A misspelt limit would otherwise be no limit, and nobody would notice.
        services.AddOptions<QuotasOptions>()
            .BindConfiguration(QuotasOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<QuotasOptions>, QuotasOptionsValidator>();
        services.AddSingleton<InMemoryQuotaStore>();
        services.AddSingleton<IQuotaStore>(provider => provider.GetRequiredService<InMemoryQuotaStore>());
        services.AddHostedService<DayUsageKeeper>();
        return builder;
    }

    /// <summary>429 beyond a limit. After the policy, so that a refused request costs nothing; around response inspection, which finds the usage.</summary>
    public static IApplicationBuilder UseQuotas(this IApplicationBuilder app) => app.UseMiddleware<QuotasMiddleware>();
}
