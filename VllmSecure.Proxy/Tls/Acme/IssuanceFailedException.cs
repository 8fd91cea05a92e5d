namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>No CA issued. The message has each one's reason.</summary>
/// <param name="message">For the operator.</param>
/// <param name="blockedUntil">Directories that asked to be left alone, and until when.</param>
internal sealed class IssuanceFailedException(string message, IReadOnlyDictionary<string, DateTimeOffset> blockedUntil) : Exception(message)
{
    public IReadOnlyDictionary<string, DateTimeOffset> BlockedUntil { get; } = blockedUntil;
}
