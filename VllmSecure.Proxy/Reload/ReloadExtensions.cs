using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Reload;

internal static class ReloadExtensions
{
    /// <summary>A host setting of .NET as a command-line argument: no watcher for the JSON files, <see cref="ReloadWatch"/> looks at them.</summary>
    public const string NoFileWatcher = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>Keeps what was good where the configuration of the running proxy changes for the worse, and says so.</summary>
    public static WebApplicationBuilder AddLastGoodConfiguration(this WebApplicationBuilder builder)
    {
        var sources = ((IConfigurationBuilder)builder.Configuration).Sources;
        for (var i = 0; i < sources.Count; i++)
        {
            if (sources[i] is JsonConfigurationSource json)
            {
                sources[i] = LastGoodJsonSource.Of(json);
            }
        }

        builder.Services.Replace(ServiceDescriptor.Singleton(typeof(IOptionsFactory<>), typeof(LastGoodOptionsFactory<>)));
        builder.Services.AddHostedService<ReloadWatch>();
        return builder;
    }
}
