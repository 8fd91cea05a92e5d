using Microsoft.Extensions.Configuration.Json;

namespace VllmSecure.Proxy.Reload;

/// <summary>A JSON file whose settings outlive a change that makes it no JSON.</summary>
internal sealed class LastGoodJsonSource : JsonConfigurationSource
{
    /// <summary>The same file as another source's.</summary>
    public static LastGoodJsonSource Of(JsonConfigurationSource source) => new()
    {
        Path = source.Path!,
        FileProvider = source.FileProvider,
        Optional = source.Optional,
    };

    public override IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        EnsureDefaults(builder);
        return new LastGoodJsonProvider(this);
    }
}
