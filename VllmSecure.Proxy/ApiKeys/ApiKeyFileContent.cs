namespace VllmSecure.Proxy.ApiKeys;

/// <summary>The JSON of the key file.</summary>
internal sealed class ApiKeyFileContent
{
    /// <summary>The keys by id, in order, so that a change of one key is a change of few lines.</summary>
    public SortedDictionary<string, ApiKeyEntry> Keys { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys with their places in the file.</summary>
    public IEnumerable<NamedApiKey> Named(string path) => Keys.Select(entry => new NamedApiKey(entry.Key, entry.Value, $"{path}: {entry.Key}"));
}
