using VllmSecure.AppHost.Vllm;

namespace VllmSecure.AppHost.Tests.Vllm;

public sealed class EngineLoadTests
{
    [Fact]
    public void Parse_TwoEngines_SumsRequestsAndTakesTheFullestCache()
    {
        var load = EngineLoad.Parse(
            """
            # TYPE vllm:num_requests_running gauge
            vllm:num_requests_running{engine="0",model_name="m"} 3.0
            vllm:num_requests_running{engine="1",model_name="m"} 4.0
            vllm:num_requests_waiting{engine="0",model_name="m"} 2.0
            vllm:num_requests_waiting_by_reason{engine="0",model_name="m"} 9.0
            vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.25
            vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.5
            """);

        Assert.Equal(new EngineLoad(7, 2, 0.5), load);
        Assert.Equal("7 running, 2 waiting, KV cache 50 % full", load.ToString());
    }

    [Fact]
    public void Parse_NothingKnown_IsIdle() => Assert.Equal(new EngineLoad(0, 0, 0), EngineLoad.Parse("up 1\n"));
}
