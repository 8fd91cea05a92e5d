using Microsoft.Extensions.Time.Testing;

namespace VllmSecure.Proxy.Tests.Quotas;

/// <summary>A wall clock that somebody sets while the monotonic clock goes on: FakeTimeProvider moves both.</summary>
internal sealed class ShiftedClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;

    /// <summary>The base counts from <see cref="GetUtcNow"/>, in ticks.</summary>
    public override long GetTimestamp() => base.GetTimestamp() - Shift.Ticks;
}
