namespace VllmSecure.Proxy.Routing.Admission;

/// <summary>When a client that is turned away should come again.</summary>
internal static class RetryTime
{
    /// <summary>While nobody knows how fast requests end; as for an upstream that is not there.</summary>
    private static readonly TimeSpan Unknown = TimeSpan.FromSeconds(5);

    /// <summary>OpenAI's SDKs ignore a longer one and come back by their own, shorter schedule.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>The time until those ahead have been served, at the rate at which requests ended lately.</summary>
    /// <param name="ahead">Requests that are served before.</param>
    /// <param name="perSecond">The rate; null: not known.</param>
    public static TimeSpan Of(int ahead, double? perSecond)
    {
        if (perSecond is not > 0)
        {
            return Unknown;
        }

        var seconds = Math.Ceiling((ahead + 1) / perSecond.Value);
        return TimeSpan.FromSeconds(Math.Clamp(seconds, Shortest.TotalSeconds, Longest.TotalSeconds));
    }
}
