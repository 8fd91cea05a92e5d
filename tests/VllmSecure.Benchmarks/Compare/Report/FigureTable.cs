using System.Globalization;
using System.Text;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare.Report;

/// <summary>The table, in Markdown: the median of the rounds, and behind it the quartiles where there were several.</summary>
internal static class FigureTable
{
    public static string Format(Measurements measurements, IReadOnlyList<Target> targets)
    {
        var text = new StringBuilder();
        text.Append("| |").AppendJoin(" |", targets.Select(target => " " + target.Title)).AppendLine(" |");
        text.Append("|---|").AppendJoin('|', targets.Select(_ => "---:")).AppendLine("|");
        foreach (var figure in Figures.All.Where(figure => targets.Any(target => measurements.Of(target.Id, figure).Count > 0)))
        {
            text.Append("| ").Append(figure.Title).Append(" |")
                .AppendJoin(" |", targets.Select(target => " " + Cell(measurements.Of(target.Id, figure), figure.Decimals)))
                .AppendLine(" |");
        }

        return text.ToString();
    }

    private static string Cell(IReadOnlyList<double> values, int decimals)
    {
        if (values.Count == 0)
        {
            return "–";
        }

        var median = Number(Quantiles.Median(values), decimals);
        return values.Count == 1 ? median : $"{median} ({Number(Quantiles.Of(values, 0.25), decimals)}–{Number(Quantiles.Of(values, 0.75), decimals)})";
    }

    private static string Number(double value, int decimals) => value.ToString(string.Create(CultureInfo.InvariantCulture, $"N{decimals}"), CultureInfo.InvariantCulture);
}
