using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.ApiKeys;

internal static class ApiKeysExtensions
{
    /// <summary>API keys from configuration, secret files and the key file, and the <c>keys</c> command.</summary>
    public static WebApplicationBuilder AddApiKeys(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ApiKeysOptions>().ValidateOnStart();
        services.AddSingleton<ApiKeysOptionsSetup>();
        services.AddSingleton<IConfigureOptions<ApiKeysOptions>>(provider => provider.GetRequiredService<ApiKeysOptionsSetup>());
        services.AddSingleton<IValidateOptions<ApiKeysOptions>, ApiKeysOptionsValidator>();
        services.AddSingleton<ApiKeyFile>();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton(provider => new DevelopmentKey(
            provider.GetRequiredService<ApiKeyStore>(), provider.GetRequiredService<IHostEnvironment>(), Console.Out));
        services.AddHostedService<ApiKeysReload>();
        services.AddSingleton<ApiKeyAdministration>();
        services.AddSingleton<IProxyCommand, KeysCommand>();
        return builder;
    }

    /// <summary>401 without a live key; from here on the exchange says who asks and no header carries a credential.</summary>
    public static IApplicationBuilder UseApiKeys(this IApplicationBuilder app) => app.UseMiddleware<ApiKeysMiddleware>();

    /// <summary>403 where the key may not use the endpoint or the model. After inspection.</summary>
    public static IApplicationBuilder UseKeyPermissions(this IApplicationBuilder app) => app.UseMiddleware<KeyPermissionsMiddleware>();
}
