namespace VllmSecure.Fuzz;

/// <summary>Mutates the corpora of all targets for a given time, without afl-fuzz: what a build can afford each time.</summary>
internal static class BoundedRun
{
    private const int Batch = 500;

    /// <summary>Runs; 1 when something was found, whose input is then in the temporary folder.</summary>
    public static int Run(TimeSpan time, TimeProvider clock)
    {
        var start = clock.GetTimestamp();
        var seed = Environment.ProcessId;
        var random = new Random(seed);
        var mutators = FuzzTargets.All.Keys.ToDictionary(name => name, name => new Mutator(random, Corpus(name)), StringComparer.Ordinal);
        var inputs = 0L;
        foreach (var (name, target) in FuzzTargets.All)
        {
            foreach (var input in Corpus(name))
            {
                if (!Try(name, target, input, seed))
                {
                    return 1;
                }
            }
        }

        while (clock.GetElapsedTime(start) < time)
        {
            foreach (var (name, target) in FuzzTargets.All)
            {
                for (var i = 0; i < Batch; i++, inputs++)
                {
                    if (!Try(name, target, mutators[name].Next(), seed))
                    {
                        return 1;
                    }
                }
            }
        }

        Console.WriteLine($"{inputs} inputs, no finding.");
        return 0;
    }

    private static byte[][] Corpus(string target) =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Corpus", target)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static bool Try(string name, Action<byte[]> target, byte[] input, int seed)
    {
        try
        {
            target(input);
            return true;
        }
#pragma warning disable CA1031 // Any exception is the finding.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var file = Path.Combine(Path.GetTempPath(), $"vllm-secure-{name}-{seed}.fuzz");
            File.WriteAllBytes(file, input);
            Console.Error.WriteLine($"Found in '{name}' (seed {seed}): {exception}\nRepeat with: VllmSecure.Fuzz {name} {file}");
            return false;
        }
    }
}
