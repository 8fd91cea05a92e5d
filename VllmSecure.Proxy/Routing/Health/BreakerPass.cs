namespace VllmSecure.Proxy.Routing.Health;

/// <summary>What a request got from the breaker when it was sent.</summary>
/// <param name="Epoch">How often the breaker had opened by then: a verdict on an older time says nothing about now.</param>
/// <param name="IsTrial">The server's return depends on it.</param>
internal readonly record struct BreakerPass(int Epoch, bool IsTrial);
