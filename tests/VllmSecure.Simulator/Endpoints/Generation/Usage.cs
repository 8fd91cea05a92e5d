using System.Text.Json;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Generation;

/// <summary>The usage object of OpenAI's older APIs.</summary>
internal static class Usage
{
    public static void Write(Utf8JsonWriter json, Exchange exchange, int completionTokens, bool details = true)
    {
        var record = exchange.Record;
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", record.PromptTokens);
        json.WriteNumber("total_tokens", record.PromptTokens + completionTokens);
        json.WriteNumber("completion_tokens", completionTokens);
        if (details && exchange.Options.PromptTokensDetails)
        {
            json.WriteStartObject("prompt_tokens_details");
            json.WriteNumber("cached_tokens", record.CachedPromptTokens);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
