namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>A CA's directory (RFC 8555 section 7.1.1).</summary>
internal sealed record AcmeDirectory(Uri NewNonce, Uri NewAccount, Uri NewOrder, Uri? RevokeCert = null, Uri? RenewalInfo = null, AcmeDirectoryMeta? Meta = null);
