namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>What a CA says about itself.</summary>
/// <param name="ExternalAccountRequired">Whether accounts must be bound to one at the CA (section 7.3.4).</param>
/// <param name="CaaIdentities">The names by which CAA records (RFC 8659) refer to it.</param>
/// <param name="Profiles">Profiles of certificates by name, with their descriptions (draft-ietf-acme-profiles).</param>
internal sealed record AcmeDirectoryMeta(
    bool ExternalAccountRequired = false,
    IReadOnlyList<string>? CaaIdentities = null,
    IReadOnlyDictionary<string, string>? Profiles = null);
