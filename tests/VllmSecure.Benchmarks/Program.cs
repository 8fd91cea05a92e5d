using VllmSecure.Benchmarks.Balancing;

return args switch
{
    ["balance"] => await BalanceBenchmark.RunAsync(Console.Out),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/VllmSecure.Benchmarks -- balance");
    return 2;
}
