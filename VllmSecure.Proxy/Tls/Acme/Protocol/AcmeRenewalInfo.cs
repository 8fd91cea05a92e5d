namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>When a CA wants a certificate renewed (RFC 9773 section 4.2).</summary>
internal sealed record AcmeRenewalInfo(RenewalWindow SuggestedWindow, string? ExplanationURL = null);
