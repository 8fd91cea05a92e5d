using System.Text;
using System.Text.Json;
using CsCheck;
using VllmSecure.Proxy.Inspection;

namespace VllmSecure.Proxy.Tests.Inspection;

public class JsonSkimmerTests
{
    [Fact]
    public void Feed_AnyJsonAnySplit_ReportsWhatTheOracleHolds() =>
        Gen.Select(JsonGen.Object, Gen.Int.Array[0, 10]).Sample(
            (text, cuts) =>
            {
                // The skimmer compares names as written; an escaped name is none of vLLM's.
                var bytes = Encoding.UTF8.GetBytes(text.Replace("\\u006d", "m", StringComparison.Ordinal));
                var found = new Recorder();
                var skimmer = new JsonSkimmer(found);
                skimmer.Reset();
                foreach (var memory in Segments.Of(bytes, cuts))
                {
                    skimmer.Feed(memory.Span);
                }

                using var document = JsonDocument.Parse(bytes);
                var expected = new List<string>();
                Flatten(document.RootElement, AnswerPath.Root, expected);
                Assert.Equal(expected, found.Values);
            },
            iter: 20_000);

    [Theory]
    [InlineData("}}}}")]
    [InlineData("]\"")]
    [InlineData(",:,:\"")]
    [InlineData("nonsense")]
    public void Feed_NotJson_DoesNotThrow(string text)
    {
        var skimmer = new JsonSkimmer(new Recorder());
        skimmer.Reset();

        Assert.Null(Record.Exception(() => skimmer.Feed(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Feed_AnyBytes_DoesNotThrow() =>
        Gen.OneOf(Gen.Byte.Array[0, 50], JsonGen.Mutated).Sample(bytes =>
        {
            var skimmer = new JsonSkimmer(new Recorder());
            skimmer.Reset();
            skimmer.Feed(bytes);
        });

    [Fact]
    public void Feed_DeeperThanFollowed_StopsQuietly()
    {
        var recorder = new Recorder();
        var skimmer = new JsonSkimmer(recorder);
        skimmer.Reset();

        skimmer.Feed(Encoding.UTF8.GetBytes(new string('[', 10_000) + "1"));

        Assert.Equal(64, recorder.Values.Count);
    }

    [Fact]
    public void Feed_BehindDeepNesting_StillKnowsThePath()
    {
        var recorder = new Recorder();
        var skimmer = new JsonSkimmer(recorder);
        skimmer.Reset();

        skimmer.Feed(Encoding.UTF8.GetBytes(
            "{\"x\":" + string.Concat(Enumerable.Repeat("[{\"model\":", 20)) + "\"deep\"" + string.Concat(Enumerable.Repeat("},1]", 20)) + ",\"model\":\"m\"}"));

        Assert.Equal($"{AnswerPath.Model:x} \"m False", recorder.Values[^1]);
        Assert.Single(recorder.Values, value => value.StartsWith($"{AnswerPath.Model:x} ", StringComparison.Ordinal));
    }

    private static void Flatten(JsonElement element, ulong path, List<string> values)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                values.Add($"{path:x} {{");
                foreach (var member in element.EnumerateObject())
                {
                    Flatten(member.Value, AnswerPath.Member(path, AnswerNames.Find(Encoding.UTF8.GetBytes(member.Name))), values);
                }

                break;
            case JsonValueKind.Array:
                values.Add($"{path:x} [");
                foreach (var item in element.EnumerateArray())
                {
                    Flatten(item, AnswerPath.Item(path), values);
                }

                break;
            case JsonValueKind.String:
                var raw = element.GetRawText()[1..^1];
                values.Add($"{path:x} \"{(AnswerPath.IsRead(path) ? raw : "")} {raw.Length == 0}");
                break;
            default:
                values.Add($"{path:x} {element.GetRawText()}");
                break;
        }
    }

    private sealed class Recorder : IJsonSink
    {
        public List<string> Values { get; } = [];

        public void OnOpen(ulong path, bool isObject) => Values.Add($"{path:x} {(isObject ? '{' : '[')}");

        public void OnString(ulong path, ReadOnlySpan<byte> text, bool isEmpty) =>
            Values.Add($"{path:x} \"{Encoding.UTF8.GetString(text)} {isEmpty}");

        public void OnLiteral(ulong path, ReadOnlySpan<byte> text) => Values.Add($"{path:x} {Encoding.UTF8.GetString(text)}");
    }
}
