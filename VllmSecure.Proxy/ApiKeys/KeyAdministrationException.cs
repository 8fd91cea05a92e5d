namespace VllmSecure.Proxy.ApiKeys;

/// <summary>A change of the keys that cannot be made; the message is for the operator.</summary>
internal sealed class KeyAdministrationException(string message) : Exception(message);
