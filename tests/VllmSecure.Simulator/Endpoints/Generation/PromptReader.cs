using System.Text.Json;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Generation;

/// <summary>Turns conversations into prompt tokens, for every API that has messages.</summary>
internal static class PromptReader
{
    /// <summary>The tokens of <c>messages</c>, each with a role.</summary>
    public static IReadOnlyList<string> Messages(JsonElement body)
    {
        var messages = Json.Items(body, "messages").ToList();
        if (messages.Count == 0)
        {
            throw ApiException.BadRequest("Field required: messages", "messages");
        }

        if (messages.Exists(message => Json.String(message, "role") is null))
        {
            throw ApiException.BadRequest("Field required: role", "messages");
        }

        return [.. messages.SelectMany(message => Tokens(Json.Member(message, "content")))];
    }

    /// <summary>The tokens of a content: a string, a list of parts, or nothing.</summary>
    public static IEnumerable<string> Tokens(JsonElement? content) => content switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } text => SimulatedTokenizer.Split(Json.Text(text)),
        { ValueKind: JsonValueKind.Array } parts => parts.EnumerateArray().SelectMany(PartTokens),
        _ => throw ApiException.BadRequest("Input should be a valid string or list: content", "messages"),
    };

    /// <summary>Whether the last of these messages is the user's and contains a phrase.</summary>
    public static bool LastUserMessageContains(IEnumerable<JsonElement> messages, string phrase)
    {
        var last = messages.LastOrDefault();
        return last.ValueKind == JsonValueKind.Object && Json.String(last, "role") == "user"
            && Text(Json.Member(last, "content")).Contains(phrase, StringComparison.OrdinalIgnoreCase);
    }

    private static string Text(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => Json.Text(text),
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(part => Json.String(part, "text"))),
        _ => string.Empty,
    };

    private static IEnumerable<string> PartTokens(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.String => SimulatedTokenizer.Split(Json.Text(part)),
        JsonValueKind.Object when Json.String(part, "text") is { } text => SimulatedTokenizer.Split(text),
        // A tool result of the Messages API holds a content of its own.
        JsonValueKind.Object when Json.Member(part, "content") is { } content => Tokens(content),
        _ => Enumerable.Range(0, SimulatedTokenizer.TokensPerMediaPart).Select(index => $"<media{index}:{part.GetRawText().Length}>"),
    };
}
