using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.ApiKeys;

/// <summary>What a live secret opens.</summary>
/// <param name="Client">Whom it stands for.</param>
/// <param name="ExpiresAt">When it ends; null: never.</param>
internal sealed record ApiKeyGrant(ClientIdentity Client, DateTimeOffset? ExpiresAt);
