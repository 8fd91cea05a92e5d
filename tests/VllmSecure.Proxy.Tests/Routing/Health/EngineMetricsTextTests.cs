using VllmSecure.Proxy.Routing.Health;

namespace VllmSecure.Proxy.Tests.Routing.Health;

public sealed class EngineMetricsTextTests
{
    [Fact]
    public void Parse_OfTwoEngines_SumsRequestsAndTakesTheFullestCache()
    {
        var gauges = EngineMetricsText.Parse(
            """
            # HELP vllm:num_requests_running Number of requests
            # TYPE vllm:num_requests_running gauge
            vllm:num_requests_running{engine="0",model_name="a} 9"} 3.0
            vllm:num_requests_running{engine="1",model_name="a} 9"} 4.0
            vllm:num_requests_waiting{engine="0",model_name="a"} 1.0
            vllm:num_requests_waiting_by_reason{engine="0"} 100
            vllm:kv_cache_usage_perc{engine="0"} 0.25
            vllm:kv_cache_usage_perc{engine="1"} 0.5
            vllm:generation_tokens_total{engine="0"} 100.0
            vllm:generation_tokens_total{engine="1"} 20.0
            """u8,
            42);

        Assert.Equal(new EngineGauges(7, 1, 0.5, 42, GeneratedTokens: 120), gauges);
    }

    [Theory]
    [InlineData("")]
    [InlineData("python_info 1\n")]
    [InlineData("vllm:num_requests_running{engine=\"0\"\n")]
    [InlineData("vllm:num_requests_running NaN\n")]
    [InlineData("vllm:generation_tokens_total 1\n")]
    public void Parse_OfAnythingElse_IsNull(string text) => Assert.Null(EngineMetricsText.Parse(System.Text.Encoding.UTF8.GetBytes(text), 0));
}
