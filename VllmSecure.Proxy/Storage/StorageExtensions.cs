using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Storage;

internal static class StorageExtensions
{
    /// <summary>The data directory, for every feature that keeps state.</summary>
    public static WebApplicationBuilder AddStorage(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<StorageOptions>().Bind(builder.Configuration).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        builder.Services.AddSingleton<DataDirectory>();
        builder.Services.AddSingleton<DataDirectoryLock>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DataDirectoryLock>());
        return builder;
    }
}
