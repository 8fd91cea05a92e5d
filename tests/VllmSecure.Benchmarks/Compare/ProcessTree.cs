using System.Globalization;

namespace VllmSecure.Benchmarks.Compare;

/// <summary>What a process and its descendants have used, from <c>/proc</c> (proc(5)).</summary>
internal static class ProcessTree
{
    // USER_HZ, which is 100 on every Linux that .NET runs on.
    private const double MicrosecondsPerTick = 10_000;

    /// <summary>CPU time in microseconds, in user and kernel mode, to 10 ms.</summary>
    public static double CpuMicroseconds(int id) => Members(id).Sum(member =>
    {
        var fields = StatFields(member);
        return fields is null ? 0 : (Number(fields[11]) + Number(fields[12])) * MicrosecondsPerTick;
    });

    /// <summary>Memory in KiB: the pages that are in RAM.</summary>
    public static double ResidentKibibytes(int id) => Members(id).Sum(member =>
        TryRead($"/proc/{member}/status") is { } status
        && Array.Find(status.Split('\n'), line => line.StartsWith("VmRSS:", StringComparison.Ordinal)) is { } line
            ? Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])
            : 0);

    private static HashSet<int> Members(int root)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Parent: StatFields(id) is { } fields ? (int)Number(fields[1]) : 0))
            .ToLookup(process => process.Parent, process => process.Id);
        var members = new HashSet<int>();
        var queue = new Queue<int>([root]);
        while (queue.TryDequeue(out var id))
        {
            if (members.Add(id))
            {
                foreach (var child in parents[id])
                {
                    queue.Enqueue(child);
                }
            }
        }

        return members;
    }

    /// <summary>The fields behind the name, which may itself hold blanks: the first one is the state.</summary>
    private static string[]? StatFields(int id) =>
        TryRead($"/proc/{id}/stat") is { } stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ') : null;

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null; // It has ended.
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
