using System.Globalization;

namespace VllmSecure.Proxy.Usage;

/// <summary>Rows as a table for people: columns as wide as they need to be, numbers to the right, a line of sums.</summary>
internal static class UsageTable
{
    private const int TextColumns = 3;

    private static readonly string[] Header = ["day", "key", "model", "requests", "input", "cached", "output", "no usage"];

    public static string Format(IReadOnlyList<UsageRow> rows)
    {
        if (rows.Count == 0)
        {
            return "No usage is recorded." + Environment.NewLine;
        }

        var sum = rows.Aggregate(new UsageRow(default, "", ""), (total, row) => total.Plus(row));
        List<string[]> lines = [Header, .. rows.Select(row => Cells(row, row.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))), Cells(sum, "total")];
        var widths = Enumerable.Range(0, Header.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        return string.Concat(lines.Select(line => FormatLine(line, widths)));
    }

    private static string[] Cells(UsageRow row, string day) =>
    [
        day, row.Key, row.Model, Number(row.Requests), Number(row.InputTokens), Number(row.CachedInputTokens),
        Number(row.OutputTokens), Number(row.RequestsWithoutUsage),
    ];

    private static string FormatLine(string[] line, int[] widths)
    {
        var cells = line.Select((cell, column) => column < TextColumns ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
        return string.Join("  ", cells).TrimEnd() + Environment.NewLine;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
