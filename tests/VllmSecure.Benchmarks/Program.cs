using VllmSecure.Benchmarks.Balancing;
using VllmSecure.Benchmarks.Inspection;

return args switch
{
    ["balance"] => await BalanceBenchmark.RunAsync(Console.Out),
    ["inspect"] => await InspectionBenchmark.RunAsync(Console.Out),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/VllmSecure.Benchmarks -- balance | inspect");
    return 2;
}
