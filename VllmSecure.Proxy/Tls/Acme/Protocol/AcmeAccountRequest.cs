using System.Text.Json;

namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>Payload of newAccount (RFC 8555 section 7.3).</summary>
internal sealed record AcmeAccountRequest(
    bool? TermsOfServiceAgreed, IReadOnlyList<string>? Contact, JsonElement? ExternalAccountBinding);
