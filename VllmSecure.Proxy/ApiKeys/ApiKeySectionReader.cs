using System.Globalization;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>
/// Reads one <c>ApiKeys:&lt;id&gt;</c> section. By hand and not by the binder: the binder passes over what it does not
/// know, and a misspelt limit or a list written as one value would silently mean "no limit".
/// </summary>
internal sealed class ApiKeySectionReader(IConfigurationSection section, ICollection<string> mistakes)
{
    private static readonly string[] Names =
    [
        "Hash", "Key", "PreviousHash", "PreviousKey", "PreviousExpiresAt", "ExpiresAt", "Models", "Endpoints",
        "RequestsPerMinute", "TokensPerMinute", "TokensPerDay", "MaxConcurrent",
    ];

    public ApiKeyEntry Read()
    {
        if (section.Value is { Length: > 0 })
        {
            // The value itself is not repeated: it is most likely a secret.
            mistakes.Add($"{section.Path}: is a section and not a value. Give the secret as {section.Path}:Key.");
        }

        foreach (var child in section.GetChildren())
        {
            if (!Names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                mistakes.Add($"{child.Path}: there is no such setting of a key. Known are {string.Join(", ", Names)}.");
            }
        }

        return new ApiKeyEntry
        {
            Hash = ReadHash("Hash", "Key"),
            PreviousHash = ReadHash("PreviousHash", "PreviousKey"),
            PreviousExpiresAt = ReadInstant("PreviousExpiresAt"),
            ExpiresAt = ReadInstant("ExpiresAt"),
            Models = ReadList("Models"),
            Endpoints = ReadList("Endpoints"),
            RequestsPerMinute = (int?)ReadNumber("RequestsPerMinute", int.MaxValue),
            TokensPerMinute = ReadNumber("TokensPerMinute", long.MaxValue),
            TokensPerDay = ReadNumber("TokensPerDay", long.MaxValue),
            MaxConcurrent = (int?)ReadNumber("MaxConcurrent", int.MaxValue),
        };
    }

    private string? ReadHash(string hashName, string secretName)
    {
        var hash = ReadText(hashName);
        var secret = ReadText(secretName);
        if (secret is null)
        {
            return hash;
        }

        if (hash is not null)
        {
            mistakes.Add($"{section.Path}:{hashName}: {secretName} is given too. Keep one of the two.");
        }
        else if (secret.Length < SecretText.MinLength || !SecretText.IsPresentable(secret))
        {
            mistakes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{section.Path}:{secretName}: a secret has {SecretText.MinLength} to {SecretText.MaxLength} characters, visible ASCII without spaces. Make one with: openssl rand -hex 32"));
        }
        else
        {
            return SecretHash.Of(secret).ToString();
        }

        return null;
    }

    private string? ReadText(string name) => section[name]?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>
    /// What narrows a key. There but empty (a variable that is not set, a level too many) is a mistake: taken for "not given"
    /// it would open the key.
    /// </summary>
    private string? ReadRestriction(string name)
    {
        var text = ReadText(name);
        if (text is null && section.GetSection(name).Exists())
        {
            mistakes.Add($"{section.Path}:{name}: is there but has no value. Give one, or take the setting out.");
        }

        return text;
    }

    /// <summary>A list as <c>Name:0</c>, <c>Name:1</c> …, or in one value with commas. Empty only where it is not there.</summary>
    private string[] ReadList(string name)
    {
        var list = section.GetSection(name);
        string[] items =
        [
            .. list.GetChildren().Select(item => item.Value).Prepend(list.Value)
                .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
        ];
        if ((items.Length == 0 && list.Exists()) || list.GetChildren().Any(item => string.IsNullOrWhiteSpace(item.Value)))
        {
            mistakes.Add($"{section.Path}:{name}: is there but names nothing, in whole or in an item. Name at least one, or take the setting out to allow all.");
        }

        return items;
    }

    private long? ReadNumber(string name, long max)
    {
        if (ReadRestriction(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= max)
        {
            return number;
        }

        mistakes.Add($"{section.Path}:{name}: '{text}' is not a whole number above 0. Leave it out for the default limit.");
        return null;
    }

    private DateTimeOffset? ReadInstant(string name)
    {
        if (ReadRestriction(name) is not { } text)
        {
            return null;
        }

        if (KeyLifetime.TryParseInstant(text, out var instant))
        {
            return instant;
        }

        mistakes.Add($"{section.Path}:{name}: '{text}' is not a time such as 2027-01-31 or 2027-01-31T12:00:00Z.");
        return null;
    }
}
