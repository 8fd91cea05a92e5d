using CsCheck;
using VllmSecure.Proxy.Routing.Balancing;

namespace VllmSecure.Proxy.Tests.Routing.Balancing;

public sealed class PrefixIndexTests
{
    [Fact]
    public void Add_OfAnything_NeverGrowsBeyondItsCapacityAndKnowsTheLast() =>
        Gen.ULong[0, 500].Array[0, 40].List[0, 50].Sample(prompts =>
        {
            var index = new PrefixIndex(capacity: 32);
            foreach (var prompt in prompts)
            {
                index.Add(prompt);
                Assert.InRange(index.Count, 0, 32);
                var distinct = prompt.Take(32).Distinct().Count();
                Assert.True(index.Match(prompt) >= Math.Min(distinct, prompt.Length));
            }
        });

    [Fact]
    public void Match_SharedPrefix_CountsLeadingBlocksOnly()
    {
        var index = new PrefixIndex();
        index.Add([1, 2, 3, 4]);

        Assert.Equal(2, index.Match([1, 2, 9, 4]));
        Assert.Equal(0, index.Match([9, 2, 3]));
        Assert.Equal(4, index.Match([1, 2, 3, 4, 5]));
    }

    [Fact]
    public void Add_BeyondTheCapacity_ForgetsTheLeastRecentlyUsedTailFirst()
    {
        var index = new PrefixIndex(capacity: 6);
        index.Add([1, 2, 3]);
        index.Add([10, 11, 12]);
        index.Add([1, 2, 3]);

        index.Add([20, 21]);

        Assert.Equal(3, index.Match([1, 2, 3]));
        Assert.Equal(1, index.Match([10, 11, 12]));
    }
}
