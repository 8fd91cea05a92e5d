using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VllmSecure.IntegrationTests.Harness;

/// <summary>
/// Reads Prometheus' text exposition format 0.0.4, strictly: each line is a known kind of comment or a whole sample, each
/// sample belongs to a family whose type was said before, no series comes twice.
/// https://prometheus.io/docs/instrumenting/exposition_formats/
/// </summary>
internal static partial class PrometheusText
{
    private static readonly string[] Types = ["counter", "gauge", "histogram", "summary", "untyped"];
    private static readonly string[] Suffixes = ["_bucket", "_sum", "_count"];

    public static IReadOnlyList<PrometheusSample> Parse(string text)
    {
        var families = new Dictionary<string, string>(StringComparer.Ordinal);
        var samples = new Dictionary<string, PrometheusSample>(StringComparer.Ordinal);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#')
            {
                ReadComment(line, families);
                continue;
            }

            var sample = ReadSample(line);
            Assert.True(families.ContainsKey(FamilyOf(sample.Name, families)), $"No type was given before: {line}");
            Assert.True(samples.TryAdd(line[..line.LastIndexOf(' ')], sample), $"The series is there twice: {line}");
        }

        return [.. samples.Values];
    }

    private static void ReadComment(string line, Dictionary<string, string> families)
    {
        var parts = line.Split(' ', 4);
        Assert.True(parts.Length == 4 && parts[1] is "TYPE" or "HELP" or "EOF" or "UNIT", $"Neither TYPE nor HELP: {line}");
        if (parts[1] == "TYPE")
        {
            Assert.Contains(parts[3], Types);
            Assert.True(families.TryAdd(parts[2], parts[3]), $"The type is given twice: {line}");
        }
    }

    private static PrometheusSample ReadSample(string line)
    {
        var match = Sample().Match(line);
        Assert.True(match.Success, $"This is no sample: {line}");
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match label in Label().Matches(match.Groups["labels"].Value))
        {
            Assert.True(labels.TryAdd(label.Groups["name"].Value, Unescape(label.Groups["value"].Value)), $"The label is there twice: {line}");
        }

        return new PrometheusSample(match.Groups["name"].Value, labels, ParseValue(match.Groups["value"].Value));
    }

    private static double ParseValue(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static string FamilyOf(string name, Dictionary<string, string> families)
    {
        var suffix = Array.Find(Suffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal));
        return suffix is not null && families.GetValueOrDefault(name[..^suffix.Length]) is "histogram" or "summary" ? name[..^suffix!.Length] : name;
    }

    private static string Unescape(string value)
    {
        var text = new StringBuilder(value);
        return text.Replace("\\n", "\n").Replace("\\\"", "\"").Replace("\\\\", "\\").ToString();
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*")*,?)?\})? (?<value>\S+)( -?[0-9]+)?$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\\n]|\\["\\n])*)",?""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();
}
