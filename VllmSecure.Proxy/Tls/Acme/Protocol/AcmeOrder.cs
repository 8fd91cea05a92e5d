namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>An order (RFC 8555 section 7.1.3).</summary>
internal sealed record AcmeOrder(
    string Status, IReadOnlyList<Uri> Authorizations, Uri Finalize, Uri? Certificate = null, AcmeProblem? Error = null);
