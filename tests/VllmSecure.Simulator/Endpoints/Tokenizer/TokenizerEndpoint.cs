using VllmSecure.Simulator.Endpoints.Generation;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Tokenizer;

/// <summary>POST /tokenize and /detokenize, GET /tokenizer_info.</summary>
internal static class TokenizerEndpoint
{
    public static Task TokenizeAsync(Exchange exchange)
    {
        var body = exchange.ReadJson();
        exchange.ReadModel(body);
        var tokens = Json.Member(body, "messages") is null
            ? SimulatedTokenizer.Split(Json.String(body, "prompt") ?? throw ApiException.BadRequest("Field required: prompt", "prompt"))
            : PromptReader.Messages(body);
        return exchange.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("count", tokens.Count);
            json.WriteNumber("max_model_len", exchange.Options.MaxModelLength);
            json.WriteStartArray("tokens");
            foreach (var token in tokens)
            {
                json.WriteNumberValue(Vocabulary.Id(token));
            }

            json.WriteEndArray();
            if (!Json.Flag(body, "return_token_strs"))
            {
                json.WriteNull("token_strs");
            }
            else
            {
                json.WriteStartArray("token_strs");
                foreach (var token in tokens)
                {
                    json.WriteStringValue(token);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        });
    }

    public static Task DetokenizeAsync(Exchange exchange)
    {
        var body = exchange.ReadJson();
        exchange.ReadModel(body);
        var ids = Json.Items(body, "tokens").Select(item =>
            item.ValueKind == System.Text.Json.JsonValueKind.Number && item.TryGetInt64(out var id)
                ? id
                : throw ApiException.BadRequest("Input should be a valid integer: tokens", "tokens")).ToList();
        return exchange.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            Json.WriteText(json, "prompt", string.Concat(ids.Select(id => Vocabulary.Text(id) ?? "�")));
            json.WriteEndObject();
        });
    }

    public static Task InfoAsync(Exchange exchange) => exchange.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteString("tokenizer_class", nameof(SimulatedTokenizer));
        json.WriteNumber("model_max_length", exchange.Options.MaxModelLength);
        json.WriteNull("chat_template");
        json.WriteEndObject();
    });
}
