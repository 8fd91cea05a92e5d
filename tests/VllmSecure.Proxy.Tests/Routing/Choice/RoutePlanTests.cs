using CsCheck;
using VllmSecure.Proxy.Routing.Choice;

namespace VllmSecure.Proxy.Tests.Routing.Choice;

public sealed class RoutePlanTests
{
    private static readonly string[]?[] Listings = [null, [], ["a"], ["b"], ["a", "b"]];
    private static readonly string?[] Models = [null, "a", "b", "x"];

    private static readonly Gen<ServerFacts> AnyServer =
        from models in Gen.Int[0, Listings.Length - 1].Select(i => Listings[i])
        from flags in Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool)
        select new ServerFacts(models, flags.Item1, flags.Item2, flags.Item3);

    [Fact]
    public void Create_ModelOfOneServer_GoesThereOnly() =>
        Assert.Equal("a:1", Plan("a", Server("b"), Server("a"), Server("b", "c")));

    [Fact]
    public void Create_UnknownModel_GoesToAnyForVllmsOwn404() =>
        Assert.Equal("x:0,1", Plan("x", Server("a"), Server("b")));

    [Fact]
    public void Create_ModelThatNobodyLists_GoesToThoseThatHaveNotListedYet() =>
        Assert.Equal("x:1", Plan("x", Server("a"), new ServerFacts(null, IsAvailable: true)));

    [Fact]
    public void Create_NoModel_GoesToAll() => Assert.Equal(":0,1", Plan(null, Server("a"), Server("b")));

    [Fact]
    public void Create_WithStandby_UsesItAfterTheOthers() =>
        Assert.Equal("a:1 a:0", Plan("a", Server("a") with { IsStandby = true }, Server("a")));

    [Fact]
    public void Create_ServerIsDown_GoesToTheFallbackModel() =>
        Assert.Equal("b:1", Plan(["b"], "a", Server("a") with { IsAvailable = false }, Server("b")));

    [Fact]
    public void Create_ServerIsUp_KeepsTheFallbackForASecondTry() =>
        Assert.Equal("a:0 b:1", Plan(["b"], "a", Server("a"), Server("b")));

    [Fact]
    public void Create_EverythingIsDown_AsksTheModelsServersAllTheSame() =>
        Assert.Equal("a:0", Plan("a", Server("a") with { IsAvailable = false }, Server("b") with { IsAvailable = false }));

    [Fact]
    public void Create_OnlyServerIsDrained_IsEmptyAndNoForeign404() =>
        Assert.Equal(string.Empty, Plan("a", Server("a") with { IsDrained = true }, Server("c")));

    [Fact]
    public void Create_OfAnything_NeverUsesADrainedServerNorTwiceInAStage() =>
        Gen.Select(AnyServer.Array[0, 6], Gen.Int[0, Models.Length - 1]).Sample((servers, model) =>
        {
            foreach (var stage in RoutePlan.Create(Models[model], ["b"], servers))
            {
                Assert.NotEmpty(stage.Servers);
                Assert.Equal(stage.Servers.Distinct(), stage.Servers);
                Assert.All(stage.Servers, i => Assert.False(servers[i].IsDrained));
            }
        });

    [Fact]
    public void Create_WithOneServerInOrder_NeverUsesOneThatIsNot() =>
        AnyServer.Array[1, 6].Sample(servers =>
        {
            var inOrder = servers.Any(server => server is { IsAvailable: true, IsDrained: false } && server.Lists("a"));
            if (inOrder)
            {
                Assert.All(RoutePlan.Create("a", [], servers), stage => Assert.All(stage.Servers, i => Assert.True(servers[i].IsAvailable && servers[i].Lists("a"))));
            }
        });

    private static ServerFacts Server(params string[] models) => new(models, IsAvailable: true);

    private static string Plan(string? model, params ServerFacts[] servers) => Plan([], model, servers);

    private static string Plan(string[] fallbacks, string? model, params ServerFacts[] servers) =>
        string.Join(' ', RoutePlan.Create(model, fallbacks, servers).Select(stage => $"{stage.Model}:{string.Join(',', stage.Servers)}"));
}
