using System.Text;
using VllmSecure.EndToEndTests.Acme;

namespace VllmSecure.EndToEndTests.Clients;

/// <summary>Runs a client that is a program of its own.</summary>
internal static class ClientProgram
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    /// <summary>Runs it to its end, which must be a success, and returns what it printed.</summary>
    public static async Task<string> RunAsync(string path, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var output = new StringBuilder();
        using var process = Programs.Start(path, arguments, line =>
        {
            lock (output)
            {
                output.Append(line).Append('\n');
            }
        }, environment);
        try
        {
            await process.WaitForExitAsync().WaitAsync(Guard); // Also waits for the end of its output.
        }
        finally
        {
            process.Kill();
        }

        Assert.True(process.ExitCode == 0, $"{path} ended with {process.ExitCode}: {output}");
        return output.ToString();
    }
}
