using System.Globalization;
using System.Text;

namespace VllmSecure.Proxy.Routing.Administration;

/// <summary>Servers as aligned columns.</summary>
internal static class ServersTable
{
    private static readonly string[] Titles = ["SERVER", "STATE", "REQUESTS", "TOKENS", "WAITING", "CACHE", "MODELS"];

    public static string Format(IReadOnlyList<ServerStatus> servers)
    {
        string[][] rows = [Titles, .. servers.Select(Columns)];
        int[] widths = [.. Titles.Select((_, column) => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        return text.ToString();
    }

    private static string[] Columns(ServerStatus server) =>
    [
        server.Name,
        server.State,
        server.Requests.ToString(CultureInfo.InvariantCulture),
        server.Tokens.ToString(CultureInfo.InvariantCulture),
        server.EngineWaiting?.ToString("0", CultureInfo.InvariantCulture) ?? "-",
        server.EngineCacheUsage?.ToString("P0", CultureInfo.InvariantCulture) ?? "-",
        server.Models is null ? "-" : string.Join(", ", server.Models),
    ];
}
