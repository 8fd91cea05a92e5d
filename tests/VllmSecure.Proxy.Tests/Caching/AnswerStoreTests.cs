using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Caching;

namespace VllmSecure.Proxy.Tests.Caching;

public sealed class AnswerStoreTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly AnswerStore _store;

    public AnswerStoreTests() => _store = new AnswerStore(Options.Create(new CachingOptions { MaxMegabytes = 1, Seconds = 60 }), _clock);

    [Fact]
    public void Store_MoreThanItsMemory_ForgetsTheLeastRecentlyUsed()
    {
        for (ulong i = 0; i < 10; i++)
        {
            _store.Store(new CacheKey(0, i), Answer(100_000));
        }

        Assert.NotNull(_store.Find(new CacheKey(0, 0)));
        _store.Store(new CacheKey(0, 10), Answer(100_000));

        Assert.InRange(_store.Size, 1, 1024 * 1024);
        Assert.NotNull(_store.Find(new CacheKey(0, 0)));
        Assert.Null(_store.Find(new CacheKey(0, 1)));
    }

    [Fact]
    public void Store_ManyTimes_NeverGrowsBeyondItsMemory()
    {
        for (ulong i = 0; i < 20_000; i++)
        {
            _store.Store(new CacheKey(0, i % 7_000), Answer((int)(i % 3_000)));
            Assert.InRange(_store.Size, 0, 1024 * 1024);
        }
    }

    [Fact]
    public void Store_AnAnswerThatIsTooLarge_KeepsNothing()
    {
        _store.Store(default, Answer(2 * 1024 * 1024));

        Assert.Null(_store.Find(default));
        Assert.Equal(0, _store.Size);
    }

    [Fact]
    public void Find_AfterItsTime_IsNullAndFreesTheMemory()
    {
        _store.Store(default, Answer(1_000));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(_store.Find(default));

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(_store.Find(default));
        Assert.Equal(0, _store.Size);
    }

    private CachedAnswer Answer(int bytes) => new(new byte[bytes], "application/json", null, null, _clock.GetTimestamp());
}
