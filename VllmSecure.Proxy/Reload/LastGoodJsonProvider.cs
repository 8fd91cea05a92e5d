using Microsoft.Extensions.Configuration.Json;

namespace VllmSecure.Proxy.Reload;

/// <summary>
/// .NET's own provider forgets all settings of a file once it is no JSON any more; whoever reads the configuration next,
/// for whatever reason, would find none of them.
/// </summary>
internal sealed class LastGoodJsonProvider(LastGoodJsonSource source) : JsonConfigurationProvider(source)
{
    private bool _isLoaded;

    /// <summary>What is wrong with the file now; null: nothing, its settings are in use.</summary>
    public string? Mistake { get; private set; }

    public override void Load(Stream stream)
    {
        try
        {
            base.Load(stream);
            Mistake = null;
            _isLoaded = true;
        }
        catch (FormatException exception) when (_isLoaded)
        {
            Mistake = $"{Source.Path}: {exception.InnerException?.Message ?? exception.Message}";
        }
    }
}
