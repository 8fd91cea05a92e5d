using System.Text.Json;
using VllmSecure.Simulator.Endpoints.Generation;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Pooling;

/// <summary>POST /v1/embeddings, /pooling and /classify.</summary>
internal static class EmbeddingsEndpoint
{
    public static async Task EmbedAsync(Exchange exchange)
    {
        var (model, inputs, body) = Read(exchange);
        var dimensions = SamplingReader.Positive(body, "dimensions") ?? exchange.Options.EmbeddingDimensions;
        var base64 = Json.String(body, "encoding_format") == "base64";
        await PoolingRun.PrefillAsync(exchange, inputs);
        await PoolingRun.WriteListAsync(exchange, "embd-", model, inputs.Count, (json, index) =>
        {
            json.WriteString("object", "embedding");
            var vector = Embedding.Of(inputs[index], dimensions);
            if (base64)
            {
                json.WriteString("embedding", Embedding.ToBase64(vector));
            }
            else
            {
                WriteNumbers(json, "embedding", vector);
            }
        });
    }

    public static async Task PoolAsync(Exchange exchange)
    {
        var (model, inputs, _) = Read(exchange);
        await PoolingRun.PrefillAsync(exchange, inputs);
        await PoolingRun.WriteListAsync(exchange, "pool-", model, inputs.Count, (json, index) =>
        {
            json.WriteString("object", "pooling");
            WriteNumbers(json, "data", Embedding.Of(inputs[index], exchange.Options.EmbeddingDimensions));
        });
    }

    public static async Task ClassifyAsync(Exchange exchange)
    {
        var (model, inputs, _) = Read(exchange);
        await PoolingRun.PrefillAsync(exchange, inputs);
        await PoolingRun.WriteListAsync(exchange, "classify-", model, inputs.Count, (json, index) =>
        {
            // The first number of a unit vector is in [-1, 1].
            var positive = (Embedding.Of(inputs[index], 2)[0] + 1) / 2;
            json.WriteString("label", positive >= 0.5 ? "LABEL_1" : "LABEL_0");
            WriteNumbers(json, "probs", [1 - positive, positive]);
            json.WriteNumber("num_classes", 2);
        });
    }

    private static (string Model, IReadOnlyList<IReadOnlyList<string>> Inputs, JsonElement Body) Read(Exchange exchange)
    {
        var body = exchange.ReadJson();
        var model = exchange.ReadModel(body);
        return (model, Json.Member(body, "messages") is null ? TokenInputs.Read(body, "input") : [PromptReader.Messages(body)], body);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, float[] numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
