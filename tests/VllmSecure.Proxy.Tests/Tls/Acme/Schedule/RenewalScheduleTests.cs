using CsCheck;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Schedule;

namespace VllmSecure.Proxy.Tests.Tls.Acme.Schedule;

public sealed class RenewalScheduleTests
{
    private static readonly DateTimeOffset Start = TestCertificates.Start;

    [Theory]
    [InlineData(90, 0, 60)]
    [InlineData(90, 1, 55.5)]
    [InlineData(6, 0, 4)]
    [InlineData(64, 0.5, 41.0667)]
    public void Plan_WithoutAri_IsTwoThirdsLessTheJitter(double lifetime, double jitter, double expected)
    {
        var planned = RenewalSchedule.Plan(Start, Start.AddDays(lifetime), window: null, jitter);

        Assert.Equal(expected, (planned - Start).TotalDays, 0.001);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(0.5, 11)]
    [InlineData(1, 12)]
    public void Plan_WithAri_IsAnInstantOfTheWindow(double jitter, double expected)
    {
        var window = new RenewalWindow(Start.AddDays(10), Start.AddDays(12));

        Assert.Equal(Start.AddDays(expected), RenewalSchedule.Plan(Start, Start.AddDays(90), window, jitter));
    }

    [Fact]
    public void Plan_WindowBehindTheEmergency_IsTheEmergency()
    {
        var window = new RenewalWindow(Start.AddDays(89), Start.AddDays(100));

        Assert.Equal(Start.AddDays(85.5), RenewalSchedule.Plan(Start, Start.AddDays(90), window, 1));
    }

    [Fact]
    public void Plan_WindowThatEndsBeforeItStarts_IsIgnored()
    {
        var window = new RenewalWindow(Start.AddDays(12), Start.AddDays(10));

        Assert.Equal(Start.AddDays(60), RenewalSchedule.Plan(Start, Start.AddDays(90), window, 0));
    }

    [Fact]
    public void Plan_Anything_IsBeforeTheEmergencyAndInTheWindowWhereThatIsEarlier() =>
        Gen.Select(Gen.Double[0.1, 400], Gen.Double[0, 1], Gen.Double[-400, 400], Gen.Double[0, 400]).Sample((lifetime, jitter, offset, length) =>
        {
            var (end, start) = (Start.AddDays(lifetime), Start.AddDays(offset));
            var window = new RenewalWindow(start, start.AddDays(length));
            var planned = RenewalSchedule.Plan(Start, end, window, jitter);

            Assert.True(planned <= RenewalSchedule.EmergencyOf(Start, end));
            Assert.True(planned <= window.End);
            Assert.True(planned >= window.Start || planned == RenewalSchedule.EmergencyOf(Start, end));
        });

    [Fact]
    public void JitterOf_AnyCertificate_IsFromZeroToOneAndTheSameAgain() =>
        Gen.Byte.Array[1, 64].Sample(bytes =>
        {
            var jitter = RenewalSchedule.JitterOf(bytes);
            Assert.InRange(jitter, 0, 1);
            Assert.Equal(jitter, RenewalSchedule.JitterOf(bytes));
        });

    [Fact]
    public void DelayAfter_Failures_StartsWithMinutesAndEndsWithSixHours()
    {
        Assert.Equal([1, 2, 2, 5, 10], Enumerable.Range(1, 5).Select(failures => RetrySchedule.DelayAfter(failures).TotalMinutes));
        Assert.Equal(TimeSpan.FromHours(3), RetrySchedule.DelayAfter(25));
        Assert.Equal(TimeSpan.FromHours(6), RetrySchedule.DelayAfter(26));
        Assert.Equal(TimeSpan.FromHours(6), RetrySchedule.DelayAfter(int.MaxValue));
    }

    [Fact]
    public void DelayAfter_MoreFailures_IsNeverShorter() =>
        Gen.Int[1, 1000].Sample(failures => RetrySchedule.DelayAfter(failures) <= RetrySchedule.DelayAfter(failures + 1));

    [Theory]
    [InlineData(null, 360)]
    [InlineData(0, 1)]
    [InlineData(30, 30)]
    [InlineData(100_000, 1440)]
    public void NextRenewalInfo_RetryAfter_IsKeptWithinBounds(int? retryAfterMinutes, double expectedMinutes) =>
        Assert.Equal(
            expectedMinutes, RenewalInfoSchedule.Next(retryAfterMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null).TotalMinutes);

    /// <summary>Below two days an alert and <c>doctor</c> speak up (docs/operations/prometheus-alerts.yml): a renewal that goes well must not.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Plan_SixDays_RenewsBeforeAnybodyIsAlerted(double jitter)
    {
        var end = Start.AddHours(160);

        Assert.True(end - RenewalSchedule.Plan(Start, end, window: null, jitter) > TimeSpan.FromDays(2));
    }
}
