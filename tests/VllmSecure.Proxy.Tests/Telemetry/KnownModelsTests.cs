using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Tests.Telemetry;

public sealed class KnownModelsTests
{
    [Fact]
    public void Requested_ModelNobodyServes_IsOther()
    {
        using var sample = new SampleExchange();
        sample.Exchange.Request!.Model = "anything a client writes";

        Assert.Equal("_OTHER", sample.Names.Requested(sample.Exchange));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Requested_NoModel_IsNull(string? model)
    {
        using var sample = new SampleExchange();
        sample.Exchange.Request!.Model = model;

        Assert.Null(sample.Names.Requested(sample.Exchange));
    }

    [Fact]
    public void Requested_ModelThatAnswered_IsLearnt()
    {
        using var sample = new SampleExchange();
        sample.Exchange.Request!.Model = sample.Exchange.ResponseModel = "org/loaded-later";

        Assert.Equal("org/loaded-later", sample.Names.Requested(sample.Exchange));
        Assert.True(sample.Known.IsKnown("org/loaded-later"));
    }

    [Fact]
    public void Requested_ModelThatFailed_IsNotLearnt()
    {
        using var sample = new SampleExchange();
        sample.Exchange.Request!.Model = sample.Exchange.ResponseModel = "org/never-loaded";
        sample.Exchange.Outcome = ExchangeOutcome.UpstreamFailed;

        Assert.Equal("_OTHER", sample.Names.Requested(sample.Exchange));
    }

    [Fact]
    public void Learn_MoreThanTheLimit_StopsAtIt()
    {
        var known = new KnownModels();
        known.Learn(Enumerable.Range(0, KnownModels.MaxModels - 1).Select(number => $"model-{number}"));
        known.Learn("the last", "one too many");

        Assert.True(known.IsKnown("model-0"));
        Assert.True(known.IsKnown("the last"));
        Assert.False(known.IsKnown("one too many"));
    }
}
