using System.Net;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests.Simulator;

public class OperationsTests
{
    /// <summary>What vLLM leaves open to whoever reaches its port.</summary>
    public static TheoryData<string> Unguarded { get; } =
    [
        "/health", "/ping", "/version", "/load", "/metrics", "/docs", "/redoc", "/openapi.json", "/static", "/tokenizer_info", "/abort_requests",
        "/scale_elastic_ep", "/is_scaling_elastic_ep", "/start_profile", "/stop_profile", "/fault_tolerance/apply", "/fault_tolerance/status",
        "/server_info", "/reset_prefix_cache", "/reset_mm_cache", "/reset_encoder_cache", "/sleep", "/wake_up", "/is_sleeping",
        "/release_kv_cache_memory", "/collective_rpc", "/pause", "/resume", "/is_paused", "/init_weight_transfer_engine", "/start_weight_update",
        "/start_draft_weight_update", "/update_weights", "/finish_weight_update", "/update_weight_version", "/weight_info", "/weight_checker",
        "/get_world_size", "/generative_scoring",
    ];

    [Theory]
    [MemberData(nameof(Unguarded))]
    public async Task Operations_WithoutAKey_Answer200(string path)
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { ApiKey = "secret" });
        using var get = await client.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, get.StatusCode);
        Assert.Equal(path, Assert.Single(client.Vllm.Journal.Requests).Path);
    }

    [Fact]
    public async Task Health_EngineDead_Is503AndInferenceFails()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var alive = await client.Http.GetAsync("/health");
        Assert.Equal((HttpStatusCode.OK, 0L), (alive.StatusCode, alive.Content.Headers.ContentLength));

        client.Vllm.Faults.EngineDead = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.Http.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, (await client.PostAsync("/v1/chat/completions", SimulatorClient.Chat("x"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.Http.GetAsync("/v1/models")).StatusCode);
    }

    [Fact]
    public async Task Models_Listed_AreTheServedNames()
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { Models = ["Qwen/Qwen3-0.6B", "alias"], MaxModelLength = 512 });
        var list = System.Text.Json.Nodes.JsonNode.Parse(await client.Http.GetStringAsync("/v1/models"))!;
        Assert.Equal("Qwen/Qwen3-0.6B alias", string.Join(' ', list["data"]!.AsArray().Select(model => (string?)model!["id"])));
        Assert.Equal(("vllm", 512), ((string?)list["data"]![0]!["owned_by"], (int)list["data"]![0]!["max_model_len"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await client.Http.GetAsync("/v1/models/alias")).StatusCode);
    }

    [Fact]
    public async Task Adapter_Loaded_IsServedUntilUnloaded()
    {
        await using var client = await SimulatorClient.StartAsync();
        const string Request = """{"model":"tuned","messages":[{"role":"user","content":"x"}]}""";
        using var load = await client.Http.PostAsync("/v1/load_lora_adapter", SimulatorClient.Body("""{"lora_name":"tuned","lora_path":"/x"}"""));
        Assert.Equal(HttpStatusCode.OK, load.StatusCode);
        Assert.Contains("\"tuned\"", await client.Http.GetStringAsync("/v1/models"), StringComparison.Ordinal);
        Assert.Equal("tuned", (string?)(await client.PostOkAsync("/v1/chat/completions", Request))["model"]);

        using var unload = await client.Http.PostAsync("/v1/unload_lora_adapter", SimulatorClient.Body("""{"lora_name":"tuned"}"""));
        Assert.Equal(HttpStatusCode.OK, unload.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync("/v1/chat/completions", Request)).Status);
    }

    [Fact]
    public async Task Sleep_Switched_IsTold()
    {
        await using var client = await SimulatorClient.StartAsync();
        await client.PostOkAsync("/sleep", "{}");
        Assert.Equal("""{"is_sleeping":true}""", await client.Http.GetStringAsync("/is_sleeping"));
        await client.PostOkAsync("/wake_up", "{}");
        Assert.Equal("""{"is_sleeping":false}""", await client.Http.GetStringAsync("/is_sleeping"));
    }
}
