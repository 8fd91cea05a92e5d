namespace VllmSecure.Proxy.Routing.Servers;

/// <summary>What came of a look at a server.</summary>
/// <param name="At">When, as a <see cref="TimeProvider.GetTimestamp"/> value.</param>
/// <param name="Failure">Why it failed; null: it went well.</param>
internal sealed record ServerLook(long At, string? Failure);
