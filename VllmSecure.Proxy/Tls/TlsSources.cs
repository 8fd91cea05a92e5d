namespace VllmSecure.Proxy.Tls;

/// <summary>The values of <c>Tls:Source</c>. Strings and not an enum, so that a wrong one gets our message and not the binder's.</summary>
internal static class TlsSources
{
    /// <summary>A certificate from a local authority of our own.</summary>
    public const string Development = "Development";

    /// <summary>The files of <c>Tls:Files</c>.</summary>
    public const string Files = "Files";

    /// <summary>A certificate authority that speaks ACME (RFC 8555).</summary>
    public const string Acme = "Acme";

    /// <summary>The certificate of <c>Kestrel:Certificates:Default</c>; follows from it and cannot be configured.</summary>
    public const string HandedOver = "HandedOver";

    /// <summary>All that can be configured.</summary>
    public static readonly string[] Configurable = [Development, Files, Acme];
}
