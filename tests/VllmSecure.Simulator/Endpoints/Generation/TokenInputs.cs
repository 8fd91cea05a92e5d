using System.Globalization;
using System.Text.Json;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Generation;

/// <summary>Reads a member that is a text, token ids, or a list of either: <c>prompt</c> and <c>input</c>.</summary>
internal static class TokenInputs
{
    public static IReadOnlyList<IReadOnlyList<string>> Read(JsonElement body, string member) => Json.Member(body, member) switch
    {
        { ValueKind: JsonValueKind.String } text => [SimulatedTokenizer.Split(Json.Text(text))],
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0 =>
            list[0].ValueKind == JsonValueKind.Number ? [Ids(list, member)] : [.. list.EnumerateArray().Select(item => Item(item, member))],
        _ => throw ApiException.BadRequest($"Field required: {member}", member),
    };

    private static IReadOnlyList<string> Item(JsonElement item, string member) => item.ValueKind switch
    {
        JsonValueKind.String => SimulatedTokenizer.Split(Json.Text(item)),
        JsonValueKind.Array => Ids(item, member),
        _ => throw ApiException.BadRequest($"Input should be a valid string or a list of integers: {member}", member),
    };

    private static List<string> Ids(JsonElement list, string member) =>
        [.. list.EnumerateArray().Select(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var number)
            ? Vocabulary.Text(number) ?? number.ToString(CultureInfo.InvariantCulture)
            : throw ApiException.BadRequest($"Input should be a valid integer: {member}", member))];
}
