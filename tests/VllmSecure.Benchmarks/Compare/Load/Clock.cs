namespace VllmSecure.Benchmarks.Compare.Load;

/// <summary>The machine's monotonic clock: the same for all processes, so that one can measure from a time that another one sent.</summary>
internal static class Clock
{
    public static long Now => TimeProvider.System.GetTimestamp();

    public static double MicrosecondsSince(long timestamp) => Since(timestamp).TotalMicroseconds;

    public static TimeSpan Since(long timestamp) => TimeProvider.System.GetElapsedTime(timestamp);

    public static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * TimeProvider.System.TimestampFrequency);

    public static Task DelayAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);
}
