using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VllmSecure.Proxy.Storage;

namespace VllmSecure.Proxy.Usage;

/// <summary>
/// The totals on disk: <c>usage/MACHINE.json</c>. A file belongs to one machine, so that proxies that share a data directory
/// do not overwrite each other's; readers add the files up.
/// </summary>
internal sealed class UsageFiles(DataDirectory data)
{
    private const string Folder = "usage";

    // Made at the start: the assemblies behind it are files, and when it is needed the process may have no file handle left.
    private readonly JsonTypeInfo<UsageRow[]> _rows = UsageJson.Default.UsageRowArray;

    private readonly string _own = data.PathOf(Folder, OwnFileName());

    /// <summary>What this machine has saved. Throws <see cref="JsonException"/> where the file is damaged.</summary>
    public UsageRow[] ReadOwn() => File.Exists(_own) ? Read(_own) : [];

    /// <summary>What every machine has saved, added up. Throws <see cref="JsonException"/> where a file is damaged.</summary>
    public UsageRow[] ReadAll()
    {
        var totals = new UsageTotals();
        var folder = data.PathOf(Folder);
        if (Directory.Exists(folder))
        {
            foreach (var row in Directory.EnumerateFiles(folder, "*.json").SelectMany(Read))
            {
                totals.Add(row);
            }
        }

        return UsageRow.Sort(totals.Since(DateOnly.MinValue));
    }

    /// <summary>Replaces this machine's file. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public void Write(UsageRow[] rows) => data.Write(_own, JsonSerializer.SerializeToUtf8Bytes(rows, _rows));

    /// <summary>Sets a damaged file aside, where it can be looked at and is not read again.</summary>
    public void SetOwnAside() => File.Move(_own, _own + ".damaged", overwrite: true);

    private UsageRow[] Read(string path)
    {
        var rows = JsonSerializer.Deserialize(File.ReadAllBytes(path), _rows) ?? [];
        return Array.TrueForAll(rows, row => row is { Key: not null, Model: not null }) ? rows : throw new JsonException("A row has no key or no model.");
    }

    private static string OwnFileName()
    {
        var name = string.Concat(Environment.MachineName.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-' ? letter : '_'));
        return name + ".json";
    }
}
