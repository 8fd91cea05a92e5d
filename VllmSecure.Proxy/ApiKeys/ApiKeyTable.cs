using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>All live secrets at one moment; never changed, only replaced.</summary>
internal sealed class ApiKeyTable
{
    private readonly Dictionary<SecretHash, ApiKeyGrant> _grants = [];

    /// <summary>A table of no keys.</summary>
    public static ApiKeyTable Empty { get; } = new();

    /// <summary>The ids of the keys, in order.</summary>
    public IReadOnlyList<string> Ids { get; private init; } = [];

    /// <summary>Builds the table; every mistake in an entry is added to <paramref name="mistakes"/> under its path.</summary>
    /// <param name="entries">The keys by id.</param>
    /// <param name="path">What stands before an id in a message: <c>ApiKeys:</c>, or a file's name.</param>
    /// <param name="mistakes">Receives what is wrong.</param>
    public static ApiKeyTable Create(IEnumerable<KeyValuePair<string, ApiKeyEntry>> entries, string path, ICollection<string> mistakes)
    {
        var keys = entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToArray();
        var table = new ApiKeyTable { Ids = [.. keys.Select(key => key.Key)] };
        foreach (var (id, entry) in keys)
        {
            table.Add(id, entry, path + id, mistakes);
        }

        return table;
    }

    /// <summary>Judges a presented secret.</summary>
    public ApiKeyVerdict Judge(ReadOnlySpan<char> secret, DateTimeOffset now, out ClientIdentity? client)
    {
        client = null;
        if (!SecretText.IsPresentable(secret))
        {
            return ApiKeyVerdict.Malformed;
        }

        // The checksum is asked last: a secret that someone else made up may look like a mistyped one of ours.
        if (!_grants.TryGetValue(SecretHash.Of(secret), out var grant))
        {
            return SecretText.IsMistyped(secret) ? ApiKeyVerdict.Mistyped : ApiKeyVerdict.Unknown;
        }

        if (grant.ExpiresAt <= now)
        {
            return ApiKeyVerdict.Expired;
        }

        client = grant.Client;
        return ApiKeyVerdict.Accepted;
    }

    private void Add(string id, ApiKeyEntry entry, string path, ICollection<string> mistakes)
    {
        if (!ApiKeyIds.IsValid(id))
        {
            mistakes.Add($"{path}: {ApiKeyIds.Rule}");
        }

        var client = new ClientIdentity(id)
        {
            Models = entry.Models,
            Endpoints = entry.Endpoints,
            RequestsPerMinute = entry.RequestsPerMinute,
            TokensPerMinute = entry.TokensPerMinute,
            TokensPerDay = entry.TokensPerDay,
            MaxConcurrent = entry.MaxConcurrent,
        };
        if (entry.Hash is null && entry.PreviousHash is null)
        {
            mistakes.Add($"{path}: has no secret. Give Key (at least {SecretText.MinLength} characters) or Hash (its SHA-256).");
        }

        Add(entry.Hash, entry.ExpiresAt, $"{path}:Hash");
        Add(entry.PreviousHash, Earlier(entry.ExpiresAt, entry.PreviousExpiresAt), $"{path}:PreviousHash");

        void Add(string? text, DateTimeOffset? expiresAt, string name)
        {
            if (text is null)
            {
                return;
            }

            if (!SecretHash.TryParse(text, out var hash))
            {
                mistakes.Add($"{name}: is not a SHA-256. Give 64 hexadecimal digits: printf %s SECRET | sha256sum");
            }
            else if (!_grants.TryAdd(hash, new ApiKeyGrant(client, expiresAt)))
            {
                mistakes.Add($"{name}: the same secret belongs to key '{_grants[hash].Client.KeyId}' already. Each key needs its own.");
            }
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right < left ? right : left;
}
