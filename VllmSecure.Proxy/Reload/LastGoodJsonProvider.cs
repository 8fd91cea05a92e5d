using Microsoft.Extensions.Configuration.Json;

namespace VllmSecure.Proxy.Reload;

/// <summary>
/// .NET's own provider forgets all settings of a file once it is no JSON any more, or is gone for the moment in which an editor
/// replaces it; whoever reads the configuration next, for whatever reason, would find none of them.
/// </summary>
internal sealed class LastGoodJsonProvider(LastGoodJsonSource source) : JsonConfigurationProvider(source)
{
    private byte[]? _content;
    private bool _isLoaded;
    private string? _invalid;
    private string? _unreadable;

    /// <summary>What is wrong with the file now; null: nothing, its settings are in use.</summary>
    public string? Mistake => _unreadable ?? _invalid;

    public override void Load(Stream stream)
    {
        _content = ToArray(stream);
        try
        {
            using var content = new MemoryStream(_content);
            base.Load(content);
            _invalid = null;
            _isLoaded = true;
        }
        catch (FormatException exception) when (_isLoaded)
        {
            _invalid = $"{Source.Path}: {exception.InnerException?.Message ?? exception.Message}";
        }
    }

    /// <summary>Loads the file anew if its content is another, also behind the symbolic links of Kubernetes.</summary>
    public void LoadIfChanged()
    {
        try
        {
            var file = Source.FileProvider!.GetFileInfo(Source.Path!);
            if (!file.Exists)
            {
                _unreadable = _isLoaded ? $"{Source.Path}: the file is gone." : null;
                return;
            }

            using var stream = file.CreateReadStream();
            var content = ToArray(stream);
            _unreadable = null;
            if (_content is null || !content.AsSpan().SequenceEqual(_content))
            {
                // From the bytes just read: opened once more, the file may be gone by now.
                Load(new MemoryStream(content));
                OnReload();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _unreadable = $"{Source.Path}: {exception.Message}";
        }
    }

    private static byte[] ToArray(Stream stream)
    {
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
