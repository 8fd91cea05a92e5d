namespace VllmSecure.Proxy.Routing.Administration;

/// <summary>A server in <c>/status</c>.</summary>
/// <param name="Name">The server: its upstream's name, with the address where that has several.</param>
/// <param name="Upstream">The upstream's name in the configuration.</param>
/// <param name="State"><c>up</c>, <c>warming</c>, <c>down</c> or <c>draining</c>.</param>
/// <param name="Requests">Requests of this proxy that it has not finished; a server that drains may go at 0.</param>
/// <param name="Tokens">The tokens of these requests, estimated.</param>
/// <param name="Weight">Its share beside the others', without the slow start.</param>
/// <param name="Models">The models it serves; null: not known.</param>
/// <param name="EngineRunning">Requests that its engine says it works on; null: not known.</param>
/// <param name="EngineWaiting">Requests that its engine says are waiting; null: not known.</param>
/// <param name="EngineCacheUsage">Its KV cache in use, 0 to 1; null: not known.</param>
internal sealed record ServerStatus(
    string Name, string Upstream, string State, long Requests, long Tokens, double Weight, IReadOnlyCollection<string>? Models,
    double? EngineRunning, double? EngineWaiting, double? EngineCacheUsage);
