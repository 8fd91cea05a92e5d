using VllmSecure.Proxy.ApiKeys;

namespace VllmSecure.Proxy.Tests.ApiKeys;

public sealed class ApiKeyTableTests
{
    private static readonly DateTimeOffset Now = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Judge_KnownSecret_AcceptsAsItsClient()
    {
        var table = Table(("vscode", Entry("first") with { Models = ["qwen*"], MaxConcurrent = 3 }), ("ci", Entry("second")));

        Assert.Equal(ApiKeyVerdict.Accepted, table.Judge(Secret("first"), Now, out var client));
        Assert.Equal("vscode", client!.KeyId);
        Assert.Equal(["qwen*"], client.Models);
        Assert.Equal(3, client.MaxConcurrent);
    }

    [Fact]
    public void Judge_UnknownSecret_Unknown()
    {
        Assert.Equal(ApiKeyVerdict.Unknown, Table(("a", Entry("first"))).Judge(Secret("other"), Now, out var client));
        Assert.Null(client);
        Assert.Equal(ApiKeyVerdict.Unknown, Table(("a", Entry("first"))).Judge(SecretText.Create(), Now, out _));
    }

    [Fact]
    public void Judge_HashAsSecret_Unknown() =>
        Assert.Equal(ApiKeyVerdict.Unknown, Table(("a", Entry("first"))).Judge(Entry("first").Hash, Now, out _));

    [Fact]
    public void Judge_OwnSecretWithTypo_Mistyped() =>
        Assert.Equal(ApiKeyVerdict.Mistyped, Table().Judge(SecretText.Create().AsSpan(..^1), Now, out _));

    [Fact]
    public void Judge_ForeignSecretThatLooksMistyped_Accepts()
    {
        const string secret = "vllms_but_made_up_by_someone_else_entirely";
        var table = Table(("a", new ApiKeyEntry { Hash = SecretHash.Of(secret).ToString() }));
        Assert.Equal(ApiKeyVerdict.Accepted, table.Judge(secret, Now, out _));
    }

    [Fact]
    public void Judge_AtItsEnd_Expired()
    {
        var table = Table(("a", Entry("first") with { ExpiresAt = Now }));
        Assert.Equal(ApiKeyVerdict.Accepted, table.Judge(Secret("first"), Now.AddTicks(-1), out _));
        Assert.Equal(ApiKeyVerdict.Expired, table.Judge(Secret("first"), Now, out var client));
        Assert.Null(client);
    }

    [Fact]
    public void Judge_RotatedKey_BothSecretsUntilThePreviousEnds()
    {
        var table = Table(("a", Entry("new") with { PreviousHash = Entry("old").Hash, PreviousExpiresAt = Now, ExpiresAt = Now.AddDays(1) }));
        Assert.Equal(ApiKeyVerdict.Accepted, table.Judge(Secret("old"), Now.AddTicks(-1), out _));
        Assert.Equal(ApiKeyVerdict.Expired, table.Judge(Secret("old"), Now, out _));
        Assert.Equal(ApiKeyVerdict.Accepted, table.Judge(Secret("new"), Now, out _));
        Assert.Equal(ApiKeyVerdict.Expired, table.Judge(Secret("new"), Now.AddDays(1), out _));
    }

    [Fact]
    public void Judge_PreviousOutlivingTheKey_EndsWithTheKey()
    {
        var table = Table(("a", Entry("new") with { PreviousHash = Entry("old").Hash, PreviousExpiresAt = Now.AddDays(9), ExpiresAt = Now }));
        Assert.Equal(ApiKeyVerdict.Expired, table.Judge(Secret("old"), Now, out _));
    }

    [Fact]
    public void Judge_TooLongSecret_Malformed() =>
        Assert.Equal(ApiKeyVerdict.Malformed, Table().Judge(new string('a', 5000), Now, out _));

    [Fact]
    public void Create_BadEntries_NamesEachOnce()
    {
        var mistakes = new List<string>();
        _ = ApiKeyTable.Create(
            [
                Named("bad id", Entry("1")), Named("nothing", new()), Named("garbage", new() { Hash = "abc" }), Named("twin", Entry("1")),
                Named("limit", Entry("2") with { MaxConcurrent = 0 }), Named("where", Entry("3") with { Endpoints = ["operations"] }),
                Named("WHERE", Entry("4")),
            ],
            mistakes);

        Assert.Collection(
            mistakes,
            m => Assert.StartsWith("ApiKeys:bad id: an id of a key has", m, StringComparison.Ordinal),
            m => Assert.StartsWith("ApiKeys:garbage:Hash: is not a SHA-256", m, StringComparison.Ordinal),
            m => Assert.StartsWith("ApiKeys:limit: a limit is a whole number above 0", m, StringComparison.Ordinal),
            m => Assert.StartsWith("ApiKeys:nothing: has no secret", m, StringComparison.Ordinal),
            m => Assert.StartsWith("ApiKeys:twin:Hash: the same secret belongs to key 'bad id'", m, StringComparison.Ordinal),
            m => Assert.StartsWith("ApiKeys:where:Endpoints: 'operations' is neither a path", m, StringComparison.Ordinal),
            m => Assert.StartsWith("ApiKeys:WHERE: the same id is taken by ApiKeys:where", m, StringComparison.Ordinal));
    }

    private static string Secret(string name) => $"{name}-0123456789012345678901234567890123456789";

    private static ApiKeyEntry Entry(string name) => new() { Hash = SecretHash.Of(Secret(name)).ToString() };

    private static NamedApiKey Named(string id, ApiKeyEntry entry) => new(id, entry, $"ApiKeys:{id}");

    private static ApiKeyTable Table(params (string Id, ApiKeyEntry Entry)[] entries)
    {
        var mistakes = new List<string>();
        var table = ApiKeyTable.Create(entries.Select(entry => Named(entry.Id, entry.Entry)), mistakes);
        Assert.Empty(mistakes);
        return table;
    }
}
