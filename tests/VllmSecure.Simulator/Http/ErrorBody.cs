using System.Text.Json;

namespace VllmSecure.Simulator.Http;

/// <summary>vLLM's error bodies: OpenAI's shape, and on Anthropic's paths Anthropic's, though with OpenAI's names of errors.</summary>
internal static class ErrorBody
{
    public static void Write(Utf8JsonWriter json, ApiException error, bool anthropic)
    {
        json.WriteStartObject();
        if (anthropic)
        {
            json.WriteString("type", "error");
            json.WriteStartObject("error");
            json.WriteString("type", error.Type);
            json.WriteString("message", error.Message);
        }
        else
        {
            json.WriteStartObject("error");
            json.WriteString("message", error.Message);
            json.WriteString("type", error.Type);
            json.WriteString("param", error.Param);
            json.WriteNumber("code", error.StatusCode);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static bool IsAnthropic(ApiException error, string path) =>
        !error.FromFramework && path is "/v1/messages" or "/v1/messages/count_tokens";
}
