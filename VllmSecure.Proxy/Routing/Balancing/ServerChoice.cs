using VllmSecure.Proxy.Routing.Servers;

namespace VllmSecure.Proxy.Routing.Balancing;

/// <summary>Where a request goes.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tokens">The work that it adds there, as long as it is under way: what the engine has in its cache is none.</param>
internal readonly record struct ServerChoice(UpstreamServer Server, long Tokens);
