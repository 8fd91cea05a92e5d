namespace VllmSecure.Proxy.Routing.Connections;

/// <summary>The settings of an upstream that its connections depend on: another value needs new connections.</summary>
internal sealed record UpstreamConnection(
    string Upstream, string? SocketPath, bool AllowPlainHttp, string? CertificateAuthority, string? ClientCertificate, string? ClientCertificateKey, string? PinnedKey)
{
    /// <summary>Under which key YARP carries it along with a cluster, to see whether it has changed.</summary>
    public const string MetadataKey = "connection";

    public static UpstreamConnection Of(string upstream, UpstreamOptions options) => new(
        upstream, UpstreamAddress.TryParse(options.Address)?.SocketPath, options.AllowPlainHttp,
        options.CertificateAuthority, options.ClientCertificate, options.ClientCertificateKey, options.PinnedKey);

    /// <summary>Paths and names only, no secret.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata() => new Dictionary<string, string>(StringComparer.Ordinal) { [MetadataKey] = ToString() };
}
