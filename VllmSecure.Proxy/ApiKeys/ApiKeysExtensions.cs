using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.ApiKeys;

internal static class ApiKeysExtensions
{
    /// <summary>API keys from configuration and secret files.</summary>
    public static WebApplicationBuilder AddApiKeys(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ApiKeysOptions>().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<ApiKeysOptions>, ApiKeysOptionsSetup>();
        services.AddSingleton<IValidateOptions<ApiKeysOptions>, ApiKeysOptionsValidator>();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<IHostedService>(provider => new DevelopmentKey(
            provider.GetRequiredService<ApiKeyStore>(), provider.GetRequiredService<IHostEnvironment>(), Console.Out));
        return builder;
    }

    /// <summary>401 without a live key; from here on the exchange says who asks and no header carries a credential.</summary>
    public static IApplicationBuilder UseApiKeys(this IApplicationBuilder app) => app.UseMiddleware<ApiKeysMiddleware>();
}
