using CsCheck;
using VllmSecure.Proxy.Routing.Balancing;

namespace VllmSecure.Proxy.Tests.Routing.Balancing;

public sealed class StickyChoiceTests
{
    private static readonly (string, double)[] Four = [("a", 1), ("b", 1), ("c", 1), ("d", 1)];

    [Fact]
    public void Choose_WithAServerGone_MovesItsOwnWordsOnly() => Gen.String.Sample(word =>
    {
        var before = Four[StickyChoice.Choose(word, Four)].Item1;
        var three = Four[..3];
        var after = three[StickyChoice.Choose(word, three)].Item1;

        Assert.True(before == after || before == "d");
    });

    [Fact]
    public void Choose_OfManyWords_FollowsTheWeights()
    {
        (string, double)[] servers = [("a", 1), ("b", 3)];

        var share = Enumerable.Range(0, 4_000).Count(i => StickyChoice.Choose($"session {i}", servers) == 1) / 4_000.0;

        Assert.InRange(share, 0.7, 0.8);
    }
}
