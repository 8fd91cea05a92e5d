using CsCheck;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Routing.Admission;

namespace VllmSecure.Proxy.Tests.Routing.Admission;

public sealed class RetryTimeTests
{
    [Theory]
    [InlineData(9, 2.0, 5)]
    [InlineData(9, 100.0, 1)]
    [InlineData(500, 1.0, 60)]
    [InlineData(0, 0.0, 5)]
    [InlineData(9, null, 5)]
    public void Of_KnownRate_IsTheTimeForThoseAhead(int ahead, double? perSecond, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryTime.Of(ahead, perSecond));

    [Fact]
    public void Of_Anything_IsBetweenASecondAndAMinute() =>
        Gen.Select(Gen.Int[0, int.MaxValue - 1], Gen.Double).Sample((ahead, rate) => Assert.InRange(RetryTime.Of(ahead, rate).TotalSeconds, 1, 60));

    [Fact]
    public void Rate_OfSteadyEnds_IsTheirs_AndFallsOnceTheyStop()
    {
        var clock = new FakeTimeProvider();
        var rate = new CompletionRate(clock);
        Assert.Null(rate.PerSecond);
        for (var i = 0; i < 1000; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(250));
            rate.Add();
        }

        Assert.Equal(4.0, rate.PerSecond!.Value, precision: 6);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.InRange(rate.PerSecond!.Value, 0.5, 1);
    }
}
