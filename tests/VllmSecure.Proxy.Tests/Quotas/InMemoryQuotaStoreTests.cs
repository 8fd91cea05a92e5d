using CsCheck;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Quotas;

namespace VllmSecure.Proxy.Tests.Quotas;

public sealed class InMemoryQuotaStoreTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2027, 1, 1, 22, 0, 0, TimeSpan.Zero));
    private readonly InMemoryQuotaStore _store;

    public InMemoryQuotaStoreTests() => _store = new InMemoryQuotaStore(_clock);

    [Fact]
    public async Task TryAcquire_RequestsPerMinute_RefusesWithTheExactWait()
    {
        var claim = new QuotaClaim("ci", new QuotaLimits { RequestsPerMinute = 2 });
        Assert.Equal(new QuotaStanding(2, 1, TimeSpan.FromSeconds(30)), (await AcquireAsync(0, claim)).Requests);
        Assert.NotNull((await AcquireAsync(0, claim)).Lease);

        var refused = await AcquireAsync(0, claim);
        Assert.Null(refused.Lease);
        Assert.Equal(new QuotaRefusal("ci", QuotaBudget.RequestsPerMinute, 2, TimeSpan.FromSeconds(30)), refused.Refusal);
        Assert.Equal(new QuotaStanding(2, 0, TimeSpan.FromSeconds(60)), refused.Requests);
        Assert.Null(refused.Tokens);

        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.NotNull((await AcquireAsync(0, claim)).Lease);
    }

    [Theory]
    [InlineData(-400)]
    [InlineData(400)]
    public async Task TryAcquire_WallClockJumps_MinutesAreNeitherGrantedNorTaken(int days)
    {
        var clock = new ShiftedClock(_clock.GetUtcNow());
        var store = new InMemoryQuotaStore(clock);
        QuotaClaim[] claims = [new("ci", new QuotaLimits { RequestsPerMinute = 1, TokensPerDay = 10 })];
        Assert.NotNull((await store.TryAcquireAsync(claims, 10, CancellationToken.None)).Lease);

        clock.Shift = TimeSpan.FromDays(days);
        Assert.Equal(TimeSpan.FromSeconds(60), (await store.TryAcquireAsync(claims, 1, CancellationToken.None)).Refusal!.RetryAfter);

        // Another day by the wall clock has a budget of its own, once.
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull((await store.TryAcquireAsync(claims, 10, CancellationToken.None)).Lease);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(QuotaBudget.TokensPerDay, (await store.TryAcquireAsync(claims, 10, CancellationToken.None)).Refusal!.Budget);
    }

    [Fact]
    public async Task Settle_FewerTokensThanReserved_GivesTheRestBack()
    {
        var claim = new QuotaClaim("ci", new QuotaLimits { TokensPerMinute = 600 });
        var answer = await AcquireAsync(500, claim);
        Assert.Equal(new QuotaStanding(600, 100, TimeSpan.FromSeconds(50)), answer.Tokens);
        Assert.Equal(TimeSpan.FromSeconds(40), (await AcquireAsync(500, claim)).Refusal!.RetryAfter);

        await _store.SettleAsync(answer.Lease!, 100);
        Assert.Equal(new QuotaStanding(600, 0, TimeSpan.FromSeconds(60)), (await AcquireAsync(500, claim)).Tokens);
    }

    [Fact]
    public async Task Settle_MoreTokensThanReserved_IsOwed()
    {
        var claim = new QuotaClaim("ci", new QuotaLimits { TokensPerMinute = 600 });
        await _store.SettleAsync((await AcquireAsync(100, claim)).Lease!, 1200);
        var refused = await AcquireAsync(10, claim);
        Assert.Equal(QuotaBudget.TokensPerMinute, refused.Refusal!.Budget);
        Assert.Equal(TimeSpan.FromSeconds(61), refused.Refusal.RetryAfter);
        Assert.Equal(0, refused.Tokens!.Value.Remaining);
    }

    [Fact]
    public async Task Settle_FarLessThanReserved_LeavesTheDebtOfOthers()
    {
        var claim = new QuotaClaim("ci", new QuotaLimits { TokensPerMinute = 1000 });
        var first = await AcquireAsync(100, claim);
        _clock.Advance(TimeSpan.FromMinutes(2));
        var second = await AcquireAsync(2_000_000, claim); // More than flows in within a day.

        await _store.SettleAsync(first.Lease!, 400_000);
        await _store.SettleAsync(second.Lease!, 10);

        var refused = (await AcquireAsync(1000, claim)).Refusal!;
        Assert.Equal(QuotaBudget.TokensPerMinute, refused.Budget);
        Assert.InRange(refused.RetryAfter, TimeSpan.FromMinutes(399), TimeSpan.FromMinutes(400));
    }

    [Fact]
    public async Task Settle_AbsurdCounts_ShutOutForADayAtMost()
    {
        var claim = new QuotaClaim("ci", new QuotaLimits { TokensPerMinute = 1000 });
        var leases = new[] { await AcquireAsync(1, claim), await AcquireAsync(1, claim), await AcquireAsync(1, claim) };
        foreach (var answer in leases)
        {
            await _store.SettleAsync(answer.Lease!, long.MaxValue / 4);
        }

        Assert.Equal(TimeSpan.FromDays(1), (await AcquireAsync(1000, claim)).Refusal!.RetryAfter);
    }

    [Fact]
    public async Task TryAcquire_MoreThanTheCapacity_PassesAFullBucketOnly()
    {
        var claim = new QuotaClaim("ci", new QuotaLimits { TokensPerMinute = 600, TokensPerDay = 1000 });
        var answer = await AcquireAsync(5000, claim);
        await _store.SettleAsync(answer.Lease!, 10);
        Assert.Equal(TimeSpan.FromHours(2), (await AcquireAsync(5000, claim)).Refusal!.RetryAfter);
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.NotNull((await AcquireAsync(5000, claim)).Lease);
    }

    [Fact]
    public async Task TryAcquire_DayIsUsedUp_WaitsForMidnightUtc()
    {
        var claim = new QuotaClaim("ci", new QuotaLimits { TokensPerDay = 1000 });
        await _store.SettleAsync((await AcquireAsync(10, claim)).Lease!, 950);
        var refused = await AcquireAsync(51, claim);
        Assert.Equal(new QuotaRefusal("ci", QuotaBudget.TokensPerDay, 1000, TimeSpan.FromHours(2)), refused.Refusal);
        Assert.Equal(new QuotaStanding(1000, 50, TimeSpan.FromHours(2)), refused.Tokens);
        Assert.NotNull((await AcquireAsync(50, claim)).Lease);

        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(new QuotaStanding(1000, 949, TimeSpan.FromDays(1)), (await AcquireAsync(51, claim)).Tokens);
    }

    [Fact]
    public async Task TryAcquire_NoTokensWhileTheyAreOverdrawn_NeedNotWait()
    {
        var claim = new QuotaClaim("ci", new QuotaLimits { TokensPerMinute = 600, TokensPerDay = 1000 });
        await _store.SettleAsync((await AcquireAsync(10, claim)).Lease!, 5000);

        Assert.Equal(QuotaBudget.TokensPerMinute, (await AcquireAsync(1, claim with { Limits = new QuotaLimits { TokensPerMinute = 600 } })).Refusal!.Budget);
        Assert.Equal(QuotaBudget.TokensPerDay, (await AcquireAsync(1, claim with { Limits = new QuotaLimits { TokensPerDay = 1000 } })).Refusal!.Budget);
        Assert.NotNull((await AcquireAsync(0, claim)).Lease);
    }

    [Fact]
    public async Task Settle_AfterMidnight_LeavesTheNewDayAlone()
    {
        var claim = new QuotaClaim("ci", new QuotaLimits { TokensPerDay = 1000 });
        var overnight = await AcquireAsync(900, claim);
        _clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(800, (await AcquireAsync(200, claim)).Tokens!.Value.Remaining);
        await _store.SettleAsync(overnight.Lease!, 5);
        Assert.Equal(799, (await AcquireAsync(1, claim)).Tokens!.Value.Remaining);
    }

    [Fact]
    public async Task Settle_ConcurrentRequest_FreesItsPlaceAtOnce()
    {
        var claim = new QuotaClaim("ci", new QuotaLimits { MaxConcurrent = 1 });
        var first = await AcquireAsync(0, claim);
        Assert.Equal(new QuotaRefusal("ci", QuotaBudget.Concurrency, 1, TimeSpan.FromSeconds(1)), (await AcquireAsync(0, claim)).Refusal);
        await _store.SettleAsync(first.Lease!, 0);
        Assert.NotNull((await AcquireAsync(0, claim)).Lease);
    }

    [Fact]
    public async Task TryAcquire_GlobalLimitReached_CountsNothingOnTheKey()
    {
        var global = new QuotaClaim(QuotaClaim.Global, new QuotaLimits { RequestsPerMinute = 1 });
        var first = new QuotaClaim("first", new QuotaLimits { RequestsPerMinute = 5 });
        var second = new QuotaClaim("second", new QuotaLimits { RequestsPerMinute = 5 });
        var admitted = await AcquireAsync(0, first, global);
        Assert.Equal(new QuotaStanding(1, 0, TimeSpan.FromMinutes(1)), admitted.Requests);
        Assert.Equal(QuotaClaim.Global, (await AcquireAsync(0, second, global)).Refusal!.Subject);
        Assert.Equal(4, (await AcquireAsync(0, second)).Requests!.Value.Remaining);
    }

    [Fact]
    public async Task TryAcquire_SeveralLimitsReached_NamesTheLongestWait()
    {
        var claim = new QuotaClaim("ci", new QuotaLimits { RequestsPerMinute = 60, TokensPerMinute = 60, MaxConcurrent = 1 });
        Assert.NotNull((await AcquireAsync(60, claim)).Lease);
        Assert.Equal(QuotaBudget.TokensPerMinute, (await AcquireAsync(30, claim)).Refusal!.Budget);
    }

    [Fact]
    public Task TryAcquire_AnyHistory_CountsExactlyWhatWasUsed() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 500], Gen.Int[0, 500], Gen.Int[0, 20_000]).List[1, 100].SampleAsync(async requests =>
        {
            var clock = new FakeTimeProvider(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
            var store = new InMemoryQuotaStore(clock);
            var global = new QuotaClaim(QuotaClaim.Global, new QuotaLimits { TokensPerMinute = 20_000, MaxConcurrent = 5 });
            var running = new Queue<(QuotaLease Lease, int Used)>();
            var used = new long[4];
            foreach (var (key, reserve, use, milliseconds) in requests)
            {
                var claim = new QuotaClaim($"key{key}", new QuotaLimits { TokensPerMinute = 2000, RequestsPerMinute = 30, MaxConcurrent = 3 });
                if (await store.TryAcquireAsync([claim, global], reserve, CancellationToken.None) is { Lease: { } lease })
                {
                    used[key] += use;
                    running.Enqueue((lease, use));
                }

                Assert.True(running.Count <= 5);
                clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
                if (milliseconds % 2 == 0 && running.TryDequeue(out var ended))
                {
                    await store.SettleAsync(ended.Lease, ended.Used);
                }
            }

            while (running.TryDequeue(out var ended))
            {
                await store.SettleAsync(ended.Lease, ended.Used);
            }

            var tokens = store.Export().Tokens;
            Assert.Equal(used.Sum(), tokens.GetValueOrDefault(QuotaClaim.Global));
            for (var key = 0; key < used.Length; key++)
            {
                Assert.Equal(used[key], tokens.GetValueOrDefault($"key{key}"));
            }
        });

    [Fact]
    public async Task TryAcquire_ManyThreads_LoseNothing()
    {
        var global = new QuotaClaim(QuotaClaim.Global, new QuotaLimits { TokensPerDay = long.MaxValue / 2 });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++)
            {
                var answer = await AcquireAsync(10, new QuotaClaim($"key{thread}", global.Limits), global);
                await _store.SettleAsync(answer.Lease!, i % 7);
            }
        })));
        var perThread = Enumerable.Range(0, 2000).Sum(i => i % 7);
        var tokens = _store.Export().Tokens;
        Assert.Equal(8 * perThread, tokens[QuotaClaim.Global]);
        Assert.All(Enumerable.Range(0, 8), thread => Assert.Equal(perThread, tokens[$"key{thread}"]));
    }

    [Fact]
    public async Task TryAcquire_MoreAndMoreSubjects_ForgetsTheIdle()
    {
        for (var i = 0; i < 5 * InMemoryQuotaStore.SubjectsBeforeSweep; i++)
        {
            var answer = await AcquireAsync(0, new QuotaClaim($"key{i}", new QuotaLimits { RequestsPerMinute = 60 }));
            await _store.SettleAsync(answer.Lease!, 0);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(_store.Count, 1, InMemoryQuotaStore.SubjectsBeforeSweep);
    }

    private ValueTask<QuotaAnswer> AcquireAsync(long tokens, params QuotaClaim[] claims) =>
        _store.TryAcquireAsync(claims, tokens, CancellationToken.None);
}
