using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Errors;

/// <summary>The JSON of an error, in the shape that the endpoint's clients parse.</summary>
internal static class ApiErrorBody
{
    /// <summary>Quotes stay readable in a terminal; the answer is JSON and never HTML.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>UTF-8 JSON: <c>{"error":{message,type,param,code}}</c>, or Anthropic's <c>{"type":"error","error":{type,message}}</c>.</summary>
    public static byte[] Serialize(ApiError error, ErrorDialect dialect)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            if (dialect == ErrorDialect.Anthropic)
            {
                json.WriteString("type"u8, "error"u8);
                json.WriteStartObject("error"u8);
                json.WriteString("type"u8, AnthropicType(error));
                json.WriteString("message"u8, error.Message);
            }
            else
            {
                json.WriteStartObject("error"u8);
                json.WriteString("message"u8, error.Message);
                json.WriteString("type"u8, error.Type);
                json.WriteString("param"u8, error.Param);
                json.WriteString("code"u8, error.Code);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Anthropic names a full service <c>overloaded_error</c>; its other types are the same words.</summary>
    private static string AnthropicType(ApiError error) =>
        error.Type == ApiErrorTypes.Unavailable ? "overloaded_error" : error.Type;
}
