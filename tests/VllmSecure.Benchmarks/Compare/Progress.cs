namespace VllmSecure.Benchmarks.Compare;

/// <summary>One line that says where the run is.</summary>
internal sealed class Progress(TextWriter output)
{
    private readonly long _start = Load.Clock.Now;

    public void Say(string step)
    {
        var line = $"{Load.Clock.Since(_start):mm\\:ss} {step}";
        output.Write(Console.IsErrorRedirected ? line + "\n" : $"\r{line,-78}");
    }

    public void End() => Say("done\n");
}
