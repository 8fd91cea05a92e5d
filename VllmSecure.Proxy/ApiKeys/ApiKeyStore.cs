namespace VllmSecure.Proxy.ApiKeys;

/// <summary>
/// The keys in force: those of the configuration, of the key file, and a development key. Readers take the whole table
/// by one reference, so a change never shows them half of it.
/// </summary>
internal sealed class ApiKeyStore(ApiKeysOptionsSetup configuration, ApiKeyFile file)
{
    private readonly Dictionary<string, ApiKeyEntry> _ofThisRun = new(StringComparer.OrdinalIgnoreCase);
    private volatile ApiKeyTable _table = ApiKeyTable.Empty;

    public ApiKeyTable Current => _table;

    /// <summary>Reads everything anew and puts it in force; with any mistake the table of before stays.</summary>
    /// <param name="fileContent">The bytes of the key file; null where there is none.</param>
    /// <param name="mistakes">Receives what is wrong.</param>
    public bool TryLoad(byte[]? fileContent, ICollection<string> mistakes)
    {
        var options = new ApiKeysOptions();
        configuration.Configure(options);
        foreach (var mistake in options.Mistakes)
        {
            mistakes.Add(mistake);
        }

        var content = file.Parse(fileContent, mistakes);
        NamedApiKey[] kept = [.. options.Named(), .. content.Named(file.FilePath)];

        // A key of this run gives way to one that was made under its name.
        var ofThisRun = OfThisRun().ExceptBy(kept.Select(key => key.Id), key => key.Id, StringComparer.OrdinalIgnoreCase);
        var table = ApiKeyTable.Create([.. kept, .. ofThisRun], mistakes);
        if (mistakes.Count > 0)
        {
            return false;
        }

        _table = table;
        return true;
    }

    /// <summary>Adds a key that lives as long as the process; it counts from the next <see cref="TryLoad"/>.</summary>
    public void AddForThisRun(string id, ApiKeyEntry entry) => _ofThisRun[id] = entry;

    private IEnumerable<NamedApiKey> OfThisRun() => _ofThisRun.Select(entry => new NamedApiKey(entry.Key, entry.Value, $"ApiKeys:{entry.Key}"));
}
