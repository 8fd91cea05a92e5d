using System.Text.Json;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Report;

/// <summary>The same figures for machines: the medians by target, and whether the goals are met.</summary>
internal static class JsonReport
{
    public static async Task WriteAsync(string file, Measurements measurements, IReadOnlyList<Target> targets, IReadOnlyList<Goal> goals)
    {
        await using var stream = File.Create(file);
        await using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("targets");
        foreach (var target in targets)
        {
            json.WriteStartObject(target.Id);
            json.WriteString("title", target.Title);
            foreach (var figure in Figures.All)
            {
                var median = measurements.Median(target.Id, figure);
                if (double.IsFinite(median))
                {
                    json.WriteNumber(figure.Json, Math.Round(median, 3));
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartArray("goals");
        foreach (var goal in goals)
        {
            json.WriteStartObject();
            json.WriteString("goal", goal.Title);
            json.WriteNumber("value", Math.Round(goal.Value, 3));
            json.WriteString("met", goal.Verdict);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
