using System.Diagnostics;
using System.Text.RegularExpressions;

namespace VllmSecure.Benchmarks.Compare.Targets;

/// <summary>A program of the system and its version.</summary>
internal static partial class InstalledVersion
{
    /// <summary>Such as <c>nginx 1.22.1</c>; null where it is not installed.</summary>
    public static string? Title(string name, string program, string argument)
    {
        if (Executables.Find(program) is not { } path)
        {
            return null;
        }

        using var process = Process.Start(new ProcessStartInfo(path, argument) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var text = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        return $"{name} {Number().Match(text).Value}";
    }

    [GeneratedRegex(@"\d+\.\d+\.\d+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Number();
}
