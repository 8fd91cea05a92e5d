namespace VllmSecure.AppHost.Tests;

public sealed class StackTimingsTests
{
    [Fact]
    public void Conflicts_Default_AreNone() => Assert.Empty(StackTimings.Default.Conflicts());

    [Fact]
    public void Conflicts_PoolOutlivesKeepAlive_SaysWhich()
    {
        var timings = new StackTimings { PooledConnectionIdle = TimeSpan.FromSeconds(75) };

        Assert.Contains("before vLLM closes it", Assert.Single(timings.Conflicts()));
    }

    [Fact]
    public void Conflicts_LongerDrainAlone_NamesAllThatMustFollow()
    {
        var timings = new StackTimings { ProxyDrain = TimeSpan.FromMinutes(5) };

        Assert.Collection(
            timings.Conflicts(),
            conflict => Assert.Contains("as long as the proxy drains", conflict),
            conflict => Assert.Contains("must not be killed while it drains", conflict));
    }

    [Fact]
    public void Conflicts_EngineKilledEarly_SaysSo()
    {
        var timings = new StackTimings { EngineStopGrace = TimeSpan.FromSeconds(40) };

        Assert.Contains("while it finishes its requests", Assert.Single(timings.Conflicts()));
    }

    /// <summary>The place is one: whatever is published must be what the defaults say.</summary>
    [Fact]
    public async Task Model_Published_CarriesTheTimingsEverywhere()
    {
        await using var model = await AppModel.PublishAsync();

        var vllm = await model.EnvironmentOfAsync("vllm");
        var arguments = await model.ArgumentsOfAsync("vllm");
        var proxy = await model.EnvironmentOfAsync("proxy");
        Assert.Equal("75", vllm["VLLM_HTTP_TIMEOUT_KEEP_ALIVE"]);
        Assert.Equal("40", arguments[Array.IndexOf(arguments, "--shutdown-timeout") + 1]);
        Assert.Equal("60", proxy["Routing__PooledConnectionIdleSeconds"]);
        Assert.Equal("30", proxy["Shutdown__DrainSeconds"]);
    }
}
