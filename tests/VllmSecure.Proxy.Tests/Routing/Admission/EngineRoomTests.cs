using CsCheck;
using VllmSecure.Proxy.Routing.Admission;
using VllmSecure.Proxy.Routing.Health;

namespace VllmSecure.Proxy.Tests.Routing.Admission;

public sealed class EngineRoomTests
{
    private static readonly AdmissionOptions Defaults = new();

    [Fact]
    public void Engine_ThatSaysNothing_HasRoom() => Assert.Equal(double.PositiveInfinity, EngineRoom.Of(gauges: null, 1000, Defaults));

    [Fact]
    public void Engine_ThatIsIdle_HasRoomForABurst() =>
        Gen.Double[0, 1].Sample(cache => Assert.Equal(Defaults.MaxEngineQueue + EngineRoom.Burst, EngineRoom.Of(new EngineGauges(0, 0, cache, 0), 0, Defaults)));

    /// <summary>The defaults must never hold up a request to an engine that has nothing waiting and was sent little since.</summary>
    [Fact]
    public void Engine_WithoutAQueue_HasRoom() =>
        Gen.Select(Gen.Int[0, 2000], Gen.Double[0, 0.94], Gen.Int[0, EngineRoom.Burst - 1]).Sample((running, cache, since) =>
            Assert.True(EngineRoom.Of(new EngineGauges(running, 0, cache, 0, running), running + since, Defaults) >= 1));

    [Theory]
    [InlineData(0, 5, 0, 0)] // Its queue is as long as it may be.
    [InlineData(0, 5, -1, 1)] // One has ended since.
    [InlineData(0, 2, 1, 2)]
    [InlineData(0, 2, 3, 0)]
    [InlineData(0.95, 0, 0, 0)] // Its cache is full: one in for one out.
    [InlineData(0.95, 0, -2, 2)]
    [InlineData(1, 9, 1, -1)]
    public void Engine_Loaded_HasRoomForWhatItIsShortOf(double cache, int waiting, int since, double expected) =>
        Assert.Equal(expected, EngineRoom.Of(new EngineGauges(8, waiting, cache, 0, OwnRequests: 20), 20 + since, Defaults));

    /// <summary>So what is let on settles, whatever the figures: each request sent takes exactly one away.</summary>
    [Fact]
    public void Room_WithEachRequestSent_IsOneLess() =>
        Gen.Select(Gen.Int[0, 50], Gen.Int[0, 50], Gen.Double[0, 1], Gen.Int[0, 50], Gen.Int[1, 100]).Sample((running, waiting, cache, own, requests) =>
        {
            var gauges = new EngineGauges(running, waiting, cache, 0, own);
            Assert.Equal(EngineRoom.Of(gauges, requests, Defaults) - 1, EngineRoom.Of(gauges, requests + 1, Defaults));
        });
}
