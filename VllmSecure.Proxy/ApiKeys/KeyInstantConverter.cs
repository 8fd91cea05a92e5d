using System.Text.Json;
using System.Text.Json.Serialization;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>Times in the key file are read as those of the configuration: the serializer's own reading of "2027-01-31" is local time.</summary>
internal sealed class KeyInstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && KeyLifetime.TryParseInstant(reader.GetString(), out var instant)
            ? instant
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
