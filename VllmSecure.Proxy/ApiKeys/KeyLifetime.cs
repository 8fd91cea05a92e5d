using System.Globalization;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>Durations and times as people write them: on the command line, in configuration, in the key file.</summary>
internal static class KeyLifetime
{
    /// <summary>A duration from now (<c>90d</c>, <c>12h</c>) or a time (<c>2027-01-31</c>, UTC unless it says otherwise), in the future.</summary>
    public static DateTimeOffset ParseEnd(string text, DateTimeOffset now)
    {
        if (TryParseDuration(text, out var duration))
        {
            return now + duration;
        }

        if (!TryParseInstant(text, out var end))
        {
            throw new KeyAdministrationException($"--expires: '{text}' is neither a duration such as 90d or 12h nor a time such as 2027-01-31.");
        }

        return end > now ? end : throw new KeyAdministrationException($"--expires: {text} is in the past.");
    }

    /// <summary>A whole number of minutes, hours, days or weeks (<c>90m</c>, <c>24h</c>, <c>7d</c>, <c>2w</c>), or 0.</summary>
    public static TimeSpan ParseDuration(string text)
    {
        if (text is "0")
        {
            return TimeSpan.Zero;
        }

        return TryParseDuration(text, out var duration)
            ? duration
            : throw new KeyAdministrationException($"--grace: '{text}' is no duration such as 90m, 24h or 7d.");
    }

    /// <summary>A time such as <c>2027-01-31</c> or <c>2027-01-31T12:00:00Z</c>: UTC unless it says otherwise, wherever the proxy runs.</summary>
    public static bool TryParseInstant(string? text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);

    private static bool TryParseDuration(string text, out TimeSpan duration)
    {
        // A century: further out, dates overflow.
        const int MaxMinutes = 100 * 365 * 24 * 60;
        duration = default;
        long minutes = text.Length == 0 ? 0 : text[^1] switch { 'm' => 1, 'h' => 60, 'd' => 24 * 60, 'w' => 7 * 24 * 60, _ => 0 };
        if (minutes == 0
            || !int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number == 0
            || number * minutes > MaxMinutes)
        {
            return false;
        }

        duration = TimeSpan.FromMinutes(number * minutes);
        return true;
    }
}
