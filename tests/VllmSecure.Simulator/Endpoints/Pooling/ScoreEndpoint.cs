using System.Text.Json;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Pooling;

/// <summary>POST /v1/score and /score, /v1/rerank, /v2/rerank and /rerank.</summary>
internal static class ScoreEndpoint
{
    public static async Task ScoreAsync(Exchange exchange)
    {
        var body = exchange.ReadJson();
        var model = exchange.ReadModel(body);
        var left = Texts(body, "text_1", "queries", "data_1");
        var right = Texts(body, "text_2", "documents", "items", "data_2");
        if (left.Count != 1 && left.Count != right.Count)
        {
            throw ApiException.BadRequest("Input lengths must be either 1:1, 1:N or N:N");
        }

        await PrefillAsync(exchange, index => left[left.Count == 1 ? 0 : index], right);
        await PoolingRun.WriteListAsync(exchange, "score-", model, right.Count, (json, index) =>
        {
            json.WriteString("object", "score");
            json.WriteNumber("score", Similarity(left[left.Count == 1 ? 0 : index], right[index]));
        });
    }

    public static async Task RerankAsync(Exchange exchange)
    {
        var body = exchange.ReadJson();
        var model = exchange.ReadModel(body);
        var query = Texts(body, "query")[0];
        var documents = Texts(body, "documents");
        var top = Top(body, documents.Count);
        await PrefillAsync(exchange, _ => query, documents);
        var ranked = documents.Select((text, index) => (text, index, score: Similarity(query, text)))
            .OrderByDescending(result => result.score).ThenBy(result => result.index).Take(top).ToList();
        await exchange.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("id", exchange.NewId("score-"));
            json.WriteString("model", model);
            json.WriteStartObject("usage");
            json.WriteNumber("prompt_tokens", exchange.Record.PromptTokens);
            json.WriteNumber("total_tokens", exchange.Record.PromptTokens);
            json.WriteEndObject();
            json.WriteStartArray("results");
            foreach (var (text, index, score) in ranked)
            {
                json.WriteStartObject();
                json.WriteNumber("index", index);
                json.WriteStartObject("document");
                Json.WriteText(json, "text", text);
                json.WriteNull("multi_modal");
                json.WriteEndObject();
                json.WriteNumber("relevance_score", score);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>Jaccard index of the texts' words: the same text is 1, no word in common is 0.</summary>
    public static double Similarity(string left, string right)
    {
        var one = Words(left);
        var two = Words(right);
        var common = one.Count(two.Contains);
        var all = one.Count + two.Count - common;
        return all == 0 ? 1 : (double)common / all;
    }

    private static HashSet<string> Words(string text) =>
        [.. SimulatedTokenizer.Split(text).Select(token => token.Trim().ToUpperInvariant()).Where(word => word.Length > 0)];

    private static int Top(JsonElement body, int count) => Json.Int(body, "top_n") is > 0 and var top ? Math.Min(top, count) : count;

    private static Task PrefillAsync(Exchange exchange, Func<int, string> left, IReadOnlyList<string> right) =>
        PoolingRun.PrefillAsync(exchange, [.. right.Select((text, index) => SimulatedTokenizer.Split(left(index)).Concat(SimulatedTokenizer.Split(text)).ToList())]);

    /// <summary>The first of these members that is there: vLLM takes several names for each side.</summary>
    private static IReadOnlyList<string> Texts(JsonElement body, params string[] names)
    {
        var name = Array.Find(names, candidate => Json.Member(body, candidate) is not null);
        return name is not null && Json.Strings(body, name) is [_, ..] texts ? texts : throw ApiException.BadRequest($"Field required: {names[0]}", names[0]);
    }
}
