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

    /// <summary>Builds the table; every mistake in a key is added to <paramref name="mistakes"/> under the key's place.</summary>
    public static ApiKeyTable Create(IEnumerable<NamedApiKey> keys, ICollection<string> mistakes)
    {
        var ordered = keys.OrderBy(key => key.Id, StringComparer.OrdinalIgnoreCase).ToArray();
        var table = new ApiKeyTable { Ids = [.. ordered.Select(key => key.Id)] };
        var places = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var key in ordered)
        {
            if (places.TryAdd(key.Id, key.Place))
            {
                table.Add(key, mistakes);
            }
            else
            {
                mistakes.Add($"{key.Place}: the same id is taken by {places[key.Id]}. Rename or remove one of the two.");
            }
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

    /// <summary>The client of a key whose owner is proven already; null where the key is unknown or has ended.</summary>
    public ClientIdentity? TryGet(string id, DateTimeOffset now) =>
        _grants.Values.FirstOrDefault(grant => grant.Client.KeyId == id && !(grant.ExpiresAt <= now))?.Client;

    /// <summary>The end that comes first; null is none.</summary>
    public static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right < left ? right : left;

    private void Add(NamedApiKey key, ICollection<string> mistakes)
    {
        var (id, entry, place) = key;
        foreach (var mistake in ApiKeyRules.MistakesIn(id, entry))
        {
            mistakes.Add($"{place}{mistake}");
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
        Add(entry.Hash, entry.ExpiresAt, ":Hash");
        Add(entry.PreviousHash, Earlier(entry.ExpiresAt, entry.PreviousExpiresAt), ":PreviousHash");

        void Add(string? text, DateTimeOffset? expiresAt, string name)
        {
            if (text is null)
            {
                return;
            }

            if (!SecretHash.TryParse(text, out var hash))
            {
                mistakes.Add($"{place}{name}: is not a SHA-256. Give 64 hexadecimal digits: printf %s SECRET | sha256sum");
            }
            else if (!_grants.TryAdd(hash, new ApiKeyGrant(client, expiresAt)))
            {
                mistakes.Add($"{place}{name}: the same secret belongs to key '{_grants[hash].Client.KeyId}' already. Each key needs its own.");
            }
        }
    }

}
