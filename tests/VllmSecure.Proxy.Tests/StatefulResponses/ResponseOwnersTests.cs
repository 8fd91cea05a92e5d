using CsCheck;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.StatefulResponses;

namespace VllmSecure.Proxy.Tests.StatefulResponses;

public sealed class ResponseOwnersTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Find_AfterAnyHistory_GivesNobodyAnothersAndStaysWithinTheBound() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 9], Gen.Int[0, 2]).Array[0, 80].Sample(acts =>
        {
            var owners = Create(new StatefulResponsesOptions { MaxResponses = 4 });
            var given = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (what, number, who) in acts)
            {
                var (id, key) = ($"resp_{number}", $"key {who}");
                if (what == 0 && given.TryAdd(id, key))
                {
                    owners.Bind(id, key, $"server {who}");
                }
                else if (what == 1)
                {
                    owners.Forget(id, key);
                }

                var found = owners.Find(id, key);
                Assert.True(found is null || (given[id] == key && found == $"server {who}"));
                Assert.InRange(owners.Count, 0, 4);
            }
        });

    [Fact]
    public void Bind_OfAnIdThatIsTaken_ChangesNothing()
    {
        var owners = Create(new StatefulResponsesOptions());
        owners.Bind("resp_1", "alice", "a");
        owners.Bind("resp_1", "bob", "b");

        Assert.Equal("a", owners.Find("resp_1", "alice"));
        Assert.Null(owners.Find("resp_1", "bob"));
    }

    [Fact]
    public void Find_AfterItsTime_IsNothing_AndUseProlongsIt()
    {
        var owners = Create(new StatefulResponsesOptions { Hours = 2 });
        owners.Bind("resp_1", "alice", "a");
        owners.Bind("resp_2", "alice", "a");
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(owners.Find("resp_2", "alice"));
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Null(owners.Find("resp_1", "alice"));
        Assert.NotNull(owners.Find("resp_2", "alice"));
        Assert.Equal(1, owners.Count);
    }

    private ResponseOwners Create(StatefulResponsesOptions options) => new(Options.Create(options), _clock);
}
