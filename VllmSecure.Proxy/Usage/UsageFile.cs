using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VllmSecure.Proxy.Storage;

namespace VllmSecure.Proxy.Usage;

/// <summary>The totals on disk. The data directory is one proxy's, so there is one file, whatever the machine is called: a container is called anew each time it is made.</summary>
internal sealed class UsageFile(DataDirectory data)
{
    // Made at the start: the assemblies behind it are files, and when it is needed the process may have no file handle left.
    private readonly JsonTypeInfo<UsageRow[]> _rows = UsageJson.Default.UsageRowArray;

    private readonly string _path = data.PathOf("usage.json");

    /// <summary>What is saved. Throws <see cref="JsonException"/> where the file is damaged.</summary>
    public UsageRow[] Read()
    {
        if (!File.Exists(_path))
        {
            return [];
        }

        var rows = JsonSerializer.Deserialize(File.ReadAllBytes(_path), _rows) ?? [];
        return Array.TrueForAll(rows, row => row is { Key: not null, Model: not null }) ? rows : throw new JsonException("A row has no key or no model.");
    }

    /// <summary>Replaces the file. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public void Write(UsageRow[] rows) => data.Write(_path, JsonSerializer.SerializeToUtf8Bytes(rows, _rows));

    /// <summary>Sets a damaged file aside, where it can be looked at and is not read again.</summary>
    public void SetAside() => File.Move(_path, _path + ".damaged", overwrite: true);
}
