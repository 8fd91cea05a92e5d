using CsCheck;
using VllmSecure.Proxy.Routing.Admission;

namespace VllmSecure.Proxy.Tests.Routing.Admission;

public sealed class FairQueueTests
{
    private const int Capacity = 12;
    private const int CapacityPerKey = 5;
    private static readonly Gen<string> Keys = Gen.Int[0, 4].Select(i => $"key {i}");

    /// <summary>Adds of a key, takes of whatever may go (by a bit mask over keys), and items that leave.</summary>
    private static readonly Gen<(int What, string Key, int Mask)[]> Acts = Gen.Select(Gen.Int[0, 2], Keys, Gen.Int[0, 31]).Array[0, 100];

    [Fact]
    public void AnyHistory_LosesNothing_GivesNothingTwice_AndStaysWithinItsBounds() =>
        Acts.Sample(acts =>
        {
            var queue = new FairQueue<Item>(Capacity, CapacityPerKey);
            var inside = new List<Item>();
            foreach (var (what, key, mask) in acts)
            {
                if (what == 0)
                {
                    var item = new Item(key);
                    var fits = inside.Count < Capacity && inside.Count(other => other.Key == key) < CapacityPerKey;
                    Assert.Equal(fits, queue.TryAdd(key, item));
                    inside.AddRange(fits ? [item] : []);
                }
                else if (what == 1)
                {
                    var may = inside.Where(item => IsIn(mask, item)).ToList();
                    Assert.Equal(may.Count > 0, queue.TryTake(item => IsIn(mask, item), out var taken));
                    Assert.True(taken is null || (may.Contains(taken) && inside.Remove(taken)));
                }
                else if (inside.Find(item => item.Key == key) is { } leaving)
                {
                    Assert.True(queue.Remove(key, leaving));
                    Assert.False(queue.Remove(key, leaving));
                    inside.Remove(leaving);
                }

                Assert.Equal(inside.Count, queue.Count);
            }

            while (queue.TryTake(_ => true, out var rest))
            {
                Assert.True(inside.Remove(rest));
            }

            Assert.Empty(inside);
        });

    /// <summary>Whatever others queue before and after it, at most one item of each other key goes before a key's next.</summary>
    [Fact]
    public void LightKey_AmongHeavyOnes_WaitsForOneTurnOfEach() =>
        Gen.Select(Keys.Array[0, 60], Keys.Array[0, 60]).Sample((before, after) =>
        {
            var queue = new FairQueue<Item>(capacity: 200, capacityPerKey: 200);
            Add(queue, before);
            queue.TryAdd("light", new Item("light"));
            Add(queue, after);

            var ahead = new List<string>();
            while (queue.TryTake(_ => true, out var taken) && taken.Key != "light")
            {
                ahead.Add(taken.Key);
                Add(queue, [taken.Key]); // The heavy never run dry.
            }

            Assert.Equal(ahead.Distinct(StringComparer.Ordinal).Count(), ahead.Count);
        });

    [Fact]
    public void Items_OfOneKey_GoInTheOrderOfTheirArrival() =>
        Keys.Array[1, 60].Sample(keys =>
        {
            var queue = new FairQueue<Item>(capacity: 100, capacityPerKey: 100);
            var arrived = keys.Select(key => new Item(key)).ToList();
            arrived.ForEach(item => queue.TryAdd(item.Key, item));

            var taken = new List<Item>();
            while (queue.TryTake(_ => true, out var item))
            {
                taken.Add(item);
            }

            Assert.All(keys, key => Assert.Equal(arrived.Where(item => item.Key == key), taken.Where(item => item.Key == key)));
        });

    [Fact]
    public void TurnsUntil_IsHowManyGoBefore() =>
        Gen.Select(Keys.Array[0, 40], Keys).Sample((waiting, key) =>
        {
            var queue = new FairQueue<Item>(capacity: 100, capacityPerKey: 100);
            Add(queue, waiting);
            var expected = queue.TurnsUntil(key);
            var last = new Item(key);
            queue.TryAdd(key, last);

            var before = 0;
            while (queue.TryTake(_ => true, out var taken) && taken != last)
            {
                before++;
            }

            Assert.InRange(before, 0, expected);
            Assert.InRange(before, expected - 4, expected); // Of each other key, one turn may come behind.
        });

    [Fact]
    public void Item_ThatCannotGo_HoldsUpNobodyElse()
    {
        var queue = new FairQueue<Item>(Capacity, CapacityPerKey);
        var (stuck, next, other) = (new Item("a"), new Item("a"), new Item("b"));
        queue.TryAdd("a", stuck);
        queue.TryAdd("a", next);
        queue.TryAdd("b", other);

        Assert.True(queue.TryTake(item => item != stuck, out var first));
        Assert.True(queue.TryTake(item => item != stuck, out var second));
        Assert.False(queue.TryTake(item => item != stuck, out _));

        Assert.Equal([next, other], [first, second]);
    }

    private static void Add(FairQueue<Item> queue, IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            queue.TryAdd(key, new Item(key));
        }
    }

    private static bool IsIn(int mask, Item item) => (mask >> (item.Key[^1] - '0') & 1) == 1;

    private sealed class Item(string key)
    {
        public string Key => key;
    }
}
