using System.Globalization;
using SharpFuzz;
using VllmSecure.Fuzz;

// dotnet run --project tests/VllmSecure.Fuzz -- --seconds 30        mutates the corpus for a while; exit code 1 and a file on a finding
// VllmSecure.Fuzz request|stream [file]                             one target: with a file that input once, else under afl-fuzz (SharpFuzz)
if (args is ["--seconds", var seconds, ..])
{
    return BoundedRun.Run(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), TimeProvider.System);
}

if (args is not [var name, ..] || !FuzzTargets.All.TryGetValue(name, out var target))
{
    Console.Error.WriteLine("Say --seconds N, or a target: " + string.Join(", ", FuzzTargets.All.Keys));
    return 2;
}

if (args is [_, var file])
{
    target(File.ReadAllBytes(file));
    return 0;
}

Fuzzer.OutOfProcess.Run(stream =>
{
    using var input = new MemoryStream();
    stream.CopyTo(input);
    target(input.ToArray());
});
return 0;
