namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>Payload of revokeCert (RFC 8555 section 7.6): base64url of the certificate's DER, and a reason of RFC 5280.</summary>
internal sealed record AcmeRevocationRequest(string Certificate, int? Reason);
