using System.Text.Json;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Chat;

/// <summary>Turns messages into prompt tokens.</summary>
internal static class Messages
{
    public static IReadOnlyList<string> Tokens(IReadOnlyList<JsonElement> messages)
    {
        if (messages.Count == 0)
        {
            throw ApiException.BadRequest("Field required: messages", "messages");
        }

        var tokens = new List<string>();
        foreach (var message in messages)
        {
            if (Json.String(message, "role") is null)
            {
                throw ApiException.BadRequest("Field required: role", "messages");
            }

            tokens.AddRange(ContentTokens(message, "content"));
        }

        return tokens;
    }

    /// <summary>The tokens of a content that is a string or a list of parts.</summary>
    public static IEnumerable<string> ContentTokens(JsonElement message, string member)
    {
        if (Json.Member(message, member) is not { } content)
        {
            return [];
        }

        return content.ValueKind switch
        {
            JsonValueKind.String => SimulatedTokenizer.Split(content.GetString()!),
            JsonValueKind.Array => content.EnumerateArray().SelectMany(PartTokens),
            _ => throw ApiException.BadRequest("Input should be a valid string or list: content", "messages"),
        };
    }

    /// <summary>The text of a message, without its other parts.</summary>
    public static string Text(JsonElement message) => Json.Member(message, "content") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(part => Json.String(part, "text"))),
        _ => string.Empty,
    };

    private static IEnumerable<string> PartTokens(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.String => SimulatedTokenizer.Split(part.GetString()!),
        JsonValueKind.Object when Json.String(part, "text") is { } text => SimulatedTokenizer.Split(text),
        JsonValueKind.Object when Json.Member(part, "content") is not null => ContentTokens(part, "content"),
        _ => Enumerable.Range(0, SimulatedTokenizer.TokensPerMediaPart).Select(index => $"<media{index}:{part.GetRawText().Length}>"),
    };
}
