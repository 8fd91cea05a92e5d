using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Routing.Health;

namespace VllmSecure.Proxy.Tests.Routing.Health;

public sealed class BreakerTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly UpstreamHealthOptions _options = new() { Failures = 3, OpenSeconds = 5, SlowStartSeconds = 30 };
    private readonly Breaker _breaker;

    public BreakerTests() => _breaker = new Breaker(_options, _clock);

    [Fact]
    public void IsAvailable_AfterOneTransientError_StaysTrue()
    {
        Request(TryVerdict.Failure);
        Request(TryVerdict.Failure);
        Request(TryVerdict.Success);
        Request(TryVerdict.Failure);
        Request(TryVerdict.Failure);

        Assert.True(_breaker.IsAvailable);
    }

    [Fact]
    public void IsAvailable_AfterFailuresInARow_IsFalseUntilATrialIsDue()
    {
        Open();
        Assert.False(_breaker.IsAvailable);

        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(_breaker.IsAvailable);

        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(_breaker.IsAvailable);
    }

    [Fact]
    public void IsAvailable_WhileTheTrialIsUnderWay_IsFalse()
    {
        Open();
        _clock.Advance(TimeSpan.FromSeconds(5));

        var pass = _breaker.Enter();

        Assert.True(pass.IsTrial);
        Assert.False(_breaker.IsAvailable);
        _breaker.Leave(TryVerdict.Unknown, pass);
        Assert.True(_breaker.IsAvailable);
    }

    [Fact]
    public void Leave_TrialsThatFail_DoublesThePauseUpToAMinute()
    {
        Open();
        foreach (var seconds in new[] { 5, 10, 20, 40, 60, 60 })
        {
            _clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.False(_breaker.IsAvailable);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(_breaker.IsAvailable);
            Request(TryVerdict.Failure);
        }
    }

    [Fact]
    public void Share_AfterATrialThatSucceeded_GrowsSlowly()
    {
        Open();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Request(TryVerdict.Success);

        Assert.True(_breaker.IsAvailable);
        Assert.Equal(0.1, _breaker.Share);
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(0.5, _breaker.Share, 3);
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(1, _breaker.Share);
    }

    [Fact]
    public void Look_HealthyWhileRequestsFail_DoesNotCloseTheBreaker()
    {
        Open();

        _breaker.Look(isHealthy: true);

        Assert.False(_breaker.IsAvailable);
    }

    [Fact]
    public void Look_FailsInARow_TakesTheServerAwayUntilItIsHealthy()
    {
        _breaker.Look(isHealthy: false);
        _breaker.Look(isHealthy: false);
        Assert.True(_breaker.IsAvailable);
        _breaker.Look(isHealthy: false);
        Assert.False(_breaker.IsAvailable);

        _breaker.Look(isHealthy: true);

        Assert.True(_breaker.IsAvailable);
        Assert.Equal(0.1, _breaker.Share);
    }

    [Fact]
    public void Leave_FailureWhileAllAreDown_DoesNotPutTheTrialOff()
    {
        Open();
        _clock.Advance(TimeSpan.FromSeconds(4));
        Request(TryVerdict.Failure); // Asked because no server was in order.

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(_breaker.IsAvailable);
    }

    /// <summary>A stream that had begun when the server worked may end well long after it has stopped to.</summary>
    [Theory]
    [InlineData("Success")]
    [InlineData("Failure")]
    public void Leave_OfARequestOlderThanTheOpening_ChangesNothing(string verdict)
    {
        var old = _breaker.Enter();
        Open();
        _breaker.Leave(Enum.Parse<TryVerdict>(verdict), old);
        Assert.False(_breaker.IsAvailable);

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.True(_breaker.Enter().IsTrial);
    }

    [Fact]
    public void Leave_SuccessWhileAllAreDown_ClosesTheBreaker()
    {
        Open();

        Request(TryVerdict.Success); // Asked because no server was in order.

        Assert.True(_breaker.IsAvailable);
    }

    private void Open()
    {
        for (var i = 0; i < _options.Failures; i++)
        {
            Request(TryVerdict.Failure);
        }
    }

    private void Request(TryVerdict verdict) => _breaker.Leave(verdict, _breaker.Enter());
}
