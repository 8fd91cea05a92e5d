namespace VllmSecure.Benchmarks.Balancing;

/// <summary>A load: the same requests each time it runs.</summary>
internal interface ILoad
{
    string Name { get; }

    Task<IEnumerable<RequestSample>> RunAsync(Fleet fleet, int servers);
}
