namespace VllmSecure.Proxy.Tls.Files;

/// <summary>What a look at a certificate's files found.</summary>
internal enum WatchedFileChange
{
    /// <summary>Nothing new, or something that may still be being written.</summary>
    None,

    /// <summary>A new certificate.</summary>
    Taken,

    /// <summary>Something that cannot be served; reported once for each content.</summary>
    Refused,
}
