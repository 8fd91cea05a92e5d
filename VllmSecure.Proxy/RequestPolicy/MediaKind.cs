namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>What a media field holds.</summary>
internal enum MediaKind
{
    None,
    Image,
    Audio,
    Video,

    /// <summary>A file of either kind, or an address that the server is to call.</summary>
    Any,

    /// <summary>As <see cref="Any"/>, where it is an object; else another thing of the same name.</summary>
    Source,
}
