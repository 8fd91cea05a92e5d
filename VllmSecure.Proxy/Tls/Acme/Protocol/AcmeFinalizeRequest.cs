namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>Payload of finalize: the certificate signing request, base64url of its DER.</summary>
internal sealed record AcmeFinalizeRequest(string Csr);
