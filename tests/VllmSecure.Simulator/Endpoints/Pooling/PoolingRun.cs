using System.Text.Json;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Pooling;

/// <summary>What the pooling endpoints share: prompts go through scheduler and prefill, and come back as a list.</summary>
internal static class PoolingRun
{
    public static async Task PrefillAsync(Exchange exchange, IReadOnlyList<IReadOnlyList<string>> prompts)
    {
        using var sequence = exchange.Admit(new GenerationPlan(prompts, [], CacheSalt: string.Empty));
        await sequence.PrefillAsync(exchange.Aborted);
        sequence.Finish();
    }

    public static Task WriteListAsync(
        Exchange exchange, string idPrefix, string model, int count, Action<Utf8JsonWriter, int> writeItem) => exchange.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteString("id", exchange.NewId(idPrefix));
        json.WriteString("object", "list");
        json.WriteNumber("created", exchange.Server.UnixTime);
        json.WriteString("model", model);
        json.WriteStartArray("data");
        for (var index = 0; index < count; index++)
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            writeItem(json, index);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteUsage(json, exchange);
        json.WriteEndObject();
    });

    private static void WriteUsage(Utf8JsonWriter json, Exchange exchange)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", exchange.Record.PromptTokens);
        json.WriteNumber("total_tokens", exchange.Record.PromptTokens);
        json.WriteNumber("completion_tokens", 0);
        json.WriteNull("prompt_tokens_details");
        json.WriteEndObject();
    }
}
