using CsCheck;
using VllmSecure.Proxy.Quotas;

namespace VllmSecure.Proxy.Tests.Quotas;

public sealed class RateBucketTests
{
    private static readonly Gen<long> Capacities = Gen.Long[1, 10_000_000];

    [Fact]
    public void Take_FullBucket_HoldsExactlyItsCapacity() => Gen.Long[1, 2_000].Sample(capacity =>
    {
        var fullAt = 0L;
        for (var i = 0; i < capacity; i++)
        {
            Assert.Equal(capacity - i, RateBucket.Standing(fullAt, 0, capacity).Remaining);
            Assert.Equal(TimeSpan.Zero, RateBucket.Wait(fullAt, 0, 1, capacity));
            fullAt = RateBucket.Take(fullAt, 0, 1, capacity);
        }

        Assert.Equal(0, RateBucket.Standing(fullAt, 0, capacity).Remaining);
        Assert.True(RateBucket.Wait(fullAt, 0, 1, capacity) > TimeSpan.Zero);
    }, iter: 50);

    [Fact]
    public void Wait_AnyState_IsExactlyAsLongAsNeeded() =>
        Gen.Select(Capacities, Gen.Long[0, 20_000_000], Gen.Long[1, 20_000_000], Gen.Long[0, 10 * RateBucket.Window]).Sample((capacity, taken, amount, now) =>
        {
            var fullAt = RateBucket.Take(0, now, taken, capacity);
            var wait = RateBucket.Wait(fullAt, now, amount, capacity).Ticks;
            return RateBucket.Wait(fullAt, now + wait, amount, capacity) == TimeSpan.Zero
                && (wait == 0 || RateBucket.Wait(fullAt, now + wait - 1, amount, capacity) > TimeSpan.Zero);
        });

    [Fact]
    public void Take_AnyArrivals_NeverMoreThanTheRateInAnyInterval() =>
        Gen.Select(Gen.Int[1, 50], Gen.Long[0, RateBucket.Window / 4].List[1, 200]).Sample((capacity, gaps) =>
        {
            long now = 0, fullAt = 0;
            var admitted = new List<long>();
            foreach (var gap in gaps)
            {
                now += gap;
                if (RateBucket.Wait(fullAt, now, 1, capacity) == TimeSpan.Zero)
                {
                    fullAt = RateBucket.Take(fullAt, now, 1, capacity);
                    admitted.Add(now);
                }
            }

            for (var first = 0; first < admitted.Count; first++)
            {
                for (var last = first; last < admitted.Count; last++)
                {
                    // A burst of the capacity, and what flows in meanwhile (one more for rounding).
                    var allowed = capacity + ((admitted[last] - admitted[first]) * capacity / RateBucket.Window) + 1;
                    Assert.True(last - first + 1 <= allowed);
                }
            }
        });

    [Fact]
    public void Correct_BackAndForth_IsAsIfTheRightAmountHadBeenTaken() =>
        Gen.Select(Capacities, Gen.Long[0, 1_000_000], Gen.Long[0, 1_000_000]).Sample((capacity, reserved, used) =>
            RateBucket.Correct(RateBucket.Take(0, 5, reserved, capacity), reserved, used, capacity) == RateBucket.Take(0, 5, used, capacity));

    [Fact]
    public void Take_AbsurdAmount_ShutsOutForADayAtMost()
    {
        var fullAt = RateBucket.Take(0, 7, long.MaxValue, 1);
        Assert.Equal(TimeSpan.FromDays(1).Ticks + 7, fullAt);
    }

    [Fact]
    public void Standing_AfterTheWindow_IsFullAgain()
    {
        var fullAt = RateBucket.Take(0, 0, 60, 60);
        Assert.Equal(new QuotaStanding(60, 0, TimeSpan.FromMinutes(1)), RateBucket.Standing(fullAt, 0, 60));
        Assert.Equal(new QuotaStanding(60, 1, TimeSpan.FromSeconds(59)), RateBucket.Standing(fullAt, TimeSpan.TicksPerSecond, 60));
        Assert.Equal(new QuotaStanding(60, 60, TimeSpan.Zero), RateBucket.Standing(fullAt, RateBucket.Window, 60));
    }
}
