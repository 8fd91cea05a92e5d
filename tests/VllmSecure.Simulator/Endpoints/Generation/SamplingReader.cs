using System.Text.Json;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Generation;

/// <summary>Reads the sampling parameters that the APIs have in common.</summary>
internal static class SamplingReader
{
    public static Sampling Read(JsonElement body) => new()
    {
        Choices = Positive(body, "n") ?? 1,
        MaxTokens = Positive(body, "max_tokens"),
        MinTokens = Json.Int(body, "min_tokens") ?? 0,
        IgnoreEndOfText = Json.Flag(body, "ignore_eos"),
        Stop = Json.Strings(body, "stop"),
        Seed = Json.Int(body, "seed"),
    };

    public static int? Positive(JsonElement body, string name) => Json.Int(body, name) switch
    {
        < 1 => throw ApiException.BadRequest($"{name} must be at least 1, got {Json.Int(body, name)}.", name),
        var number => number,
    };
}
