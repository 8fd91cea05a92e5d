namespace VllmSecure.Proxy.Commands;

/// <summary>Why the proxy cannot start, in words for its operator, with the fix. No stack trace would tell more.</summary>
internal sealed class StartFailedException(string message, Exception? inner = null) : Exception(message, inner);
