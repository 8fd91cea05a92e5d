namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>A member whose value decides what other members mean.</summary>
internal enum PolicyKeyword
{
    None,

    /// <summary>The kind of a content part.</summary>
    Type,
}
