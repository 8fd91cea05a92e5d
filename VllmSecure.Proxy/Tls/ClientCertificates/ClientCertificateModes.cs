namespace VllmSecure.Proxy.Tls.ClientCertificates;

/// <summary>The values of <c>Tls:ClientCertificates:Mode</c>.</summary>
internal static class ClientCertificateModes
{
    /// <summary>None is asked for.</summary>
    public const string None = "None";

    /// <summary>Asked for; who has none passes on, and needs an API key.</summary>
    public const string Optional = "Optional";

    /// <summary>Without one the handshake fails.</summary>
    public const string Required = "Required";

    public static readonly string[] All = [None, Optional, Required];
}
