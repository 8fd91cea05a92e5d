namespace VllmSecure.Proxy.ApiKeys;

/// <summary>What became of the credential of a request.</summary>
internal enum ApiKeyVerdict
{
    /// <summary>None was sent where one is looked for.</summary>
    Missing,

    /// <summary>The header is not a single <c>Bearer</c> token.</summary>
    Malformed,

    /// <summary>A secret of ours with a wrong checksum: mistyped or cut short.</summary>
    Mistyped,

    /// <summary>No key has this secret.</summary>
    Unknown,

    /// <summary>The key, or the secret before its rotation, is past its end.</summary>
    Expired,

    /// <summary>The key is good.</summary>
    Accepted,
}
