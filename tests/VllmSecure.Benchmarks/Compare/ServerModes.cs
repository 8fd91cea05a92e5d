using VllmSecure.Benchmarks.Compare.Servers;

namespace VllmSecure.Benchmarks.Compare;

/// <summary>The servers that this program is itself, each in a process of its own.</summary>
internal static class ServerModes
{
    public const string Upstream = "compare-upstream";
    public const string BareYarp = "compare-yarp";

    public static Task<int> RunUpstreamAsync(string[] args) =>
        UpstreamServer.RunAsync(Port(args[0]), Port(args[1]), Port(args[2]), args[3], args[4]);

    public static Task<int> RunBareYarpAsync(string[] args) =>
        BareYarpServer.RunAsync(Port(args[0]), Port(args[1]), args[2], args[3], args[4]);

    private static int Port(string text) => int.Parse(text, null);
}
