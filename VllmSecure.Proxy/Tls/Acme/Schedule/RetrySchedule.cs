namespace VllmSecure.Proxy.Tls.Acme.Schedule;

/// <summary>How long to wait after failures. Pure.</summary>
internal static class RetrySchedule
{
    // Caddy's: quick at first, as most causes are mended within minutes; then six hours, for as long as it takes. With
    // rehearsals on staging this stays below Let's Encrypt's 5 failed validations an hour and name.
    private static readonly int[] Minutes =
        [1, 2, 2, 5, 10, 10, 10, 20, 20, 20, 20, 30, 30, 30, 30, 30, 30, 60, 60, 60, 120, 120, 180, 180, 180];

    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    /// <param name="failures">Failures in a row, from 1.</param>
    public static TimeSpan DelayAfter(int failures) =>
        failures <= Minutes.Length ? TimeSpan.FromMinutes(Minutes[Math.Max(failures, 1) - 1]) : Longest;
}
