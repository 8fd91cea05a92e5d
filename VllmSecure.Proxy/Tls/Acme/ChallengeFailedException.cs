namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>A challenge that was not offered, could not be answered or did not convince the CA: another type may.</summary>
internal sealed class ChallengeFailedException(string message, Exception? inner = null) : Exception(message, inner);
