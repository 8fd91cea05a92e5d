using VllmSecure.Benchmarks.Balancing;
using VllmSecure.Benchmarks.Compare;
using VllmSecure.Benchmarks.Inspection;

return args switch
{
    ["compare", ..] => await CompareBenchmark.RunAsync(args),
    ["balance"] => await BalanceBenchmark.RunAsync(Console.Out),
    ["inspect"] => await InspectionBenchmark.RunAsync(Console.Out),
    [ServerModes.Upstream, .. var rest] => await ServerModes.RunUpstreamAsync(rest),
    [ServerModes.BareYarp, .. var rest] => await ServerModes.RunBareYarpAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine($"Usage: dotnet run -c Release --project tests/VllmSecure.Benchmarks -- {CompareOptions.Usage} | balance | inspect");
    return 2;
}
