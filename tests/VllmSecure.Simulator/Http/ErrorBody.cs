using System.Buffers;
using System.Text.Json;

namespace VllmSecure.Simulator.Http;

/// <summary>vLLM's error bodies: OpenAI's shape, and Anthropic's on Anthropic's paths.</summary>
internal static class ErrorBody
{
    public static ReadOnlyMemory<byte> Write(ApiException error, bool anthropic)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Json.WriterOptions))
        {
            json.WriteStartObject();
            if (anthropic)
            {
                json.WriteString("type", "error");
                json.WriteStartObject("error");
                json.WriteString("type", AnthropicType(error.StatusCode));
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

        return buffer.WrittenMemory;
    }

    public static bool IsAnthropic(string path) => path is "/v1/messages" or "/v1/messages/count_tokens";

    private static string AnthropicType(int statusCode) => statusCode switch
    {
        400 or 422 => "invalid_request_error",
        401 => "authentication_error",
        404 => "not_found_error",
        503 => "overloaded_error",
        _ => "internal_error",
    };
}
