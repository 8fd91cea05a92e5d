using System.Text.Json;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>Looks at the string that a reader stands on without making one.</summary>
internal static class JsonText
{
    /// <summary>Its bytes as it stands in the body; 0 for any other value.</summary>
    public static long Length(scoped in Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? 0
        : reader.HasValueSequence ? reader.ValueSequence.Length
        : reader.ValueSpan.Length;

    /// <summary>Whether the value is this text.</summary>
    public static bool Is(scoped in Utf8JsonReader reader, string text)
    {
        try
        {
            return reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(text);
        }
        catch (InvalidOperationException)
        {
            // An escape for half a surrogate pair: no text of ours.
            return false;
        }
    }
}
