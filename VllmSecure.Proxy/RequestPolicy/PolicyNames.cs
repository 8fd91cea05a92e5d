using System.Collections.Frozen;
using System.Text;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>All names that mean something, found by their UTF-8 bytes without a string.</summary>
internal static class PolicyNames
{
    private const int Longest = 64;

    private static readonly FrozenDictionary<string, PolicyName>.AlternateLookup<ReadOnlySpan<char>> Known =
        Build().ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenDictionary<string, FieldRule>.AlternateLookup<ReadOnlySpan<char>> InStructuredOutputs =
        FieldRules.All.Where(rule => rule.Scope == FieldScope.StructuredOutputs)
            .ToFrozenDictionary(rule => rule.Name, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The rule against patterns in schemas of the output.</summary>
    public static FieldRule SchemaPattern { get; } = FieldRules.All.First(rule => rule.Scope == FieldScope.Schema);

    /// <summary>The rule against structural tags, also as the type of a response format.</summary>
    public static FieldRule StructuralTag { get; } = FieldRules.All.First(rule => rule.Field == "structural_tag");

    /// <summary>The rule against prompts as tensors, also as the type of a content part.</summary>
    public static FieldRule PromptEmbeds { get; } = FieldRules.All.First(rule => rule.Field == "prompt_embeds");

    public static PolicyName Find(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[Longest];
        return TryDecode(name, text, out var length) && Known.TryGetValue(text[..length], out var known) ? known : PolicyName.Unknown;
    }

    /// <summary>The rule against a member of <c>structured_outputs</c>.</summary>
    public static FieldRule? FindInStructuredOutputs(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[Longest];
        return TryDecode(name, text, out var length) && InStructuredOutputs.TryGetValue(text[..length], out var rule) ? rule : null;
    }

    private static bool TryDecode(ReadOnlySpan<byte> name, Span<char> text, out int length)
    {
        length = 0;
        return name.Length <= Longest && Encoding.UTF8.TryGetChars(name, text, out length);
    }

    private static Dictionary<string, PolicyName> Build()
    {
        var names = new Dictionary<string, PolicyName>(StringComparer.Ordinal)
        {
            ["response_format"] = new(PolicyPlace.OutputSchema),
            ["guided_json"] = new(PolicyPlace.OutputSchema, Keyword: PolicyKeyword.Schema),
            ["guided_choice"] = new(PolicyPlace.OutputSchema),
            ["json_schema"] = new(PolicyPlace.OutputSchema),
            ["format"] = new(PolicyPlace.OutputSchema),
            ["structured_outputs"] = new(PolicyPlace.StructuredOutputs),
            ["chat_template_kwargs"] = new(PolicyPlace.TemplateSwitches),
            ["parameters"] = new(PolicyPlace.ToolSchema),
            ["input_schema"] = new(PolicyPlace.ToolSchema),
            ["arguments"] = new(PolicyPlace.ClientData),
            ["metadata"] = new(PolicyPlace.ClientData),
            ["logit_bias"] = new(PolicyPlace.ClientData),
            ["image_url"] = new(PolicyPlace.Media, MediaKind.Image),
            ["audio_url"] = new(PolicyPlace.Media, MediaKind.Audio),
            ["input_audio"] = new(PolicyPlace.Media, MediaKind.Audio),
            ["video_url"] = new(PolicyPlace.Media, MediaKind.Video),
            ["file_url"] = new(PolicyPlace.Media, MediaKind.Any),
            ["server_url"] = new(PolicyPlace.Media, MediaKind.Any),
            ["tool_choice"] = new(PolicyPlace.ToolChoice, Keyword: PolicyKeyword.ToolChoice),
            ["strict"] = new(Keyword: PolicyKeyword.StrictTool),
            ["strict_tools"] = new(Keyword: PolicyKeyword.StrictTool),
            ["type"] = new(Keyword: PolicyKeyword.Type),
            ["images"] = new(PolicyPlace.MediaList),
            ["source"] = new(PolicyPlace.Media, MediaKind.Source),
        };
        foreach (var cap in CapRules.All)
        {
            // Below the root, "input" is the arguments of a tool's call.
            names[cap.Field] = new(cap.Field == "input" ? PolicyPlace.ClientData : PolicyPlace.Open, Cap: cap);
        }

        foreach (var rule in FieldRules.All.Where(rule => rule.Scope is FieldScope.Anywhere or FieldScope.Root))
        {
            names[rule.Name] = new(Field: rule);
        }

        return names;
    }
}
