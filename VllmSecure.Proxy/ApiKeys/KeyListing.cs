using System.Globalization;
using System.Text;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>The table that <c>keys list</c> prints.</summary>
internal static class KeyListing
{
    private static readonly string[] Header = ["ID", "STATE", "EXPIRES", "MODELS", "ENDPOINTS", "LIMITS", "FROM"];

    /// <summary>Lines with aligned columns.</summary>
    public static string Format(IReadOnlyList<NamedApiKey> keys, DateTimeOffset now)
    {
        var rows = new List<string[]> { Header };
        rows.AddRange(keys.Select(key => Row(key, now)));
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length; column++)
            {
                var width = rows.Max(other => other[column].Length) + 2;
                text.Append(column == row.Length - 1 ? row[column] : row[column].PadRight(width));
            }

            text.Append(Environment.NewLine);
        }

        return text.ToString();
    }

    /// <summary>A time in UTC, to the minute.</summary>
    public static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string[] Row(NamedApiKey key, DateTimeOffset now) =>
    [
        key.Id,
        State(key.Entry, now),
        key.Entry.ExpiresAt is { } end ? Instant(end) : "never",
        List(key.Entry.Models),
        List(key.Entry.Endpoints),
        Limits(key.Entry),
        key.Place.StartsWith(ApiKeysOptions.Section + ":", StringComparison.Ordinal) ? "configuration" : "file",
    ];

    private static string State(ApiKeyEntry entry, DateTimeOffset now)
    {
        if (entry.ExpiresAt <= now)
        {
            return "expired";
        }

        return (entry.PreviousHash, entry.PreviousExpiresAt) switch
        {
            (null, _) => "live",
            (_, null) => "live, two secrets",
            (_, { } end) => end > now ? $"live, old secret until {Instant(end)}" : "live",
        };
    }

    private static string List(IReadOnlyList<string> values) => values.Count == 0 ? "all" : string.Join(',', values);

    private static string Limits(ApiKeyEntry entry)
    {
        var limits = new (long? Limit, string Unit)[]
        {
            (entry.RequestsPerMinute, "requests/min"), (entry.TokensPerMinute, "tokens/min"),
            (entry.TokensPerDay, "tokens/day"), (entry.MaxConcurrent, "at once"),
        };
        var text = string.Join(
            ", ",
            limits.Where(limit => limit.Limit is not null).Select(limit => string.Create(CultureInfo.InvariantCulture, $"{limit.Limit} {limit.Unit}")));
        return text.Length == 0 ? "default" : text;
    }
}
