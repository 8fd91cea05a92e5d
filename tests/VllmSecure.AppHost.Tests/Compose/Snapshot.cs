using System.Runtime.CompilerServices;

namespace VllmSecure.AppHost.Tests.Compose;

/// <summary>Compares with a file under <c>Snapshots/</c>; <c>UPDATE_SNAPSHOTS=1</c> writes it anew.</summary>
internal static class Snapshot
{
    public static void Matches(string name, string actual, [CallerFilePath] string caller = "")
    {
        var file = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "..", "Snapshots", name));
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(file, actual);
        }

        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), actual.ReplaceLineEndings("\n"));
    }
}
