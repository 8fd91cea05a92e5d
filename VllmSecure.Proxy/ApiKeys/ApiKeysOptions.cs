namespace VllmSecure.Proxy.ApiKeys;

/// <summary><c>ApiKeys</c>: the keys of the configuration by their ids.</summary>
internal sealed class ApiKeysOptions
{
    public const string Section = "ApiKeys";

    /// <summary>The keys. Ids are compared as configuration compares its keys: without regard to case.</summary>
    public Dictionary<string, ApiKeyEntry> Keys { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What could not be read, each naming its configuration key: reported by the validator with everything else.</summary>
    public List<string> Mistakes { get; } = [];

    /// <summary>The keys with their configuration keys.</summary>
    public IEnumerable<NamedApiKey> Named() => Keys.Select(entry => new NamedApiKey(entry.Key, entry.Value, $"{Section}:{entry.Key}"));
}
