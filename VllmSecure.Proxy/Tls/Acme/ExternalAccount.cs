namespace VllmSecure.Proxy.Tls.Acme;

/// <summary><c>Tls:Acme:ExternalAccount</c>: what a CA such as ZeroSSL hands out to bind an account to a customer.</summary>
internal sealed class ExternalAccount
{
    /// <summary>The key id that the CA hands out.</summary>
    public string? KeyId { get; set; }

    /// <summary>The HMAC key, base64url.</summary>
    public string? Key { get; set; }
}
