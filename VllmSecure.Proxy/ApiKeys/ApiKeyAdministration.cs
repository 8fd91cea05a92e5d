namespace VllmSecure.Proxy.ApiKeys;

/// <summary>
/// Changes the keys in the data directory. Every refusal is a <see cref="KeyAdministrationException"/>; the file's own
/// failures come through as <see cref="ApiKeyFile.UpdateAsync"/> throws them.
/// </summary>
internal sealed class ApiKeyAdministration(ApiKeysOptionsSetup configuration, ApiKeyFile file, TimeProvider clock)
{
    /// <summary>Makes a key and returns its secret, which is kept nowhere.</summary>
    public async Task<string> CreateAsync(string id, ApiKeyEntry limits, CancellationToken cancellationToken)
    {
        var secret = SecretText.Create();
        var entry = limits with { Hash = SecretHash.Of(secret).ToString(), CreatedAt = Now() };
        RequireSound(id, entry);
        RequireNotConfigured(id);
        var added = await file.UpdateAsync(content => content.Keys.TryAdd(id, entry), cancellationToken);
        return added ? secret : throw new KeyAdministrationException($"There is a key '{id}' already. Take another name, or: keys rotate {id}");
    }

    /// <summary>Gives a key a new secret and returns it; the old one goes on for <paramref name="grace"/>, but no longer than the key.</summary>
    public async Task<(string Secret, DateTimeOffset? OldEndsAt)> RotateAsync(string id, TimeSpan grace, CancellationToken cancellationToken)
    {
        var secret = SecretText.Create();
        DateTimeOffset? oldEndsAt = null;
        RequireNotConfigured(id);
        var found = await file.UpdateAsync(content => Change(content, id, entry =>
        {
            if (entry.ExpiresAt <= Now())
            {
                throw new KeyAdministrationException($"The key '{id}' ended at {KeyListing.Instant(entry.ExpiresAt.Value)}, and a new secret would not change that. Revoke it and make it anew.");
            }

            oldEndsAt = grace > TimeSpan.Zero ? ApiKeyTable.Earlier(Now() + grace, entry.ExpiresAt) : null;
            return entry with
            {
                Hash = SecretHash.Of(secret).ToString(),
                PreviousHash = oldEndsAt is null ? null : entry.Hash,
                PreviousExpiresAt = oldEndsAt,
            };
        }), cancellationToken);
        return found ? (secret, oldEndsAt) : throw NotFound(id);
    }

    /// <summary>Takes a key away.</summary>
    public async Task RevokeAsync(string id, CancellationToken cancellationToken)
    {
        RequireNotConfigured(id);
        if (!await file.UpdateAsync(content => content.Keys.Remove(id), cancellationToken))
        {
            throw NotFound(id);
        }
    }

    /// <summary>All keys, of the configuration and of the file.</summary>
    public IReadOnlyList<NamedApiKey> List()
    {
        var mistakes = new List<string>();
        var content = file.Read(mistakes);
        var options = Configured();
        mistakes.AddRange(options.Mistakes);
        return mistakes.Count == 0
            ? [.. options.Named().Concat(content.Named(file.FilePath)).OrderBy(key => key.Id, StringComparer.OrdinalIgnoreCase)]
            : throw new KeyAdministrationException(string.Join(Environment.NewLine, mistakes));
    }

    private static bool Change(ApiKeyFileContent content, string id, Func<ApiKeyEntry, ApiKeyEntry> change)
    {
        if (!content.Keys.TryGetValue(id, out var entry))
        {
            return false;
        }

        content.Keys[id] = change(entry);
        return true;
    }

    private static void RequireSound(string id, ApiKeyEntry entry)
    {
        var mistakes = ApiKeyRules.MistakesIn(id, entry).Select(mistake => id + mistake).ToArray();
        if (mistakes.Length > 0)
        {
            throw new KeyAdministrationException(string.Join(Environment.NewLine, mistakes));
        }
    }

    private void RequireNotConfigured(string id)
    {
        if (Configured().Keys.ContainsKey(id))
        {
            throw new KeyAdministrationException($"The key '{id}' is set by configuration ({ApiKeysOptions.Section}:{id}). Change it there.");
        }
    }

    private static KeyAdministrationException NotFound(string id) =>
        new($"There is no key '{id}' in the data directory. See: keys list");

    private ApiKeysOptions Configured()
    {
        var options = new ApiKeysOptions();
        configuration.Configure(options);
        return options;
    }

    /// <summary>Whole seconds: nobody needs more in a file for people.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
}
