namespace VllmSecure.Proxy.ApiKeys;

/// <summary>A key with its id and the place it comes from, as messages name it.</summary>
internal readonly record struct NamedApiKey(string Id, ApiKeyEntry Entry, string Place);
