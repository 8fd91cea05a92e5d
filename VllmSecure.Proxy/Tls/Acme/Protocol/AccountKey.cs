using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>The ES256 key of an account (RFC 7518 section 3.4).</summary>
internal sealed class AccountKey : IDisposable
{
    private readonly ECDsa _key;

    private AccountKey(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        Jwk = new JsonWebKey("P-256", "EC", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Jwk, AcmeJsonContext.Default.JsonWebKey)));
    }

    public JsonWebKey Jwk { get; }

    /// <summary>RFC 7638: what a challenge's key authorization ends with.</summary>
    public string Thumbprint { get; }

    public static AccountKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Throws <see cref="CryptographicException"/> or <see cref="ArgumentException"/> where the PEM holds no P-256 key.</summary>
    public static AccountKey FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.KeySize == 256 ? new AccountKey(key) : throw new CryptographicException("The account key is not a P-256 key.");
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public string ToPem() => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>The key authorization of a challenge (RFC 8555 section 8.1).</summary>
    public string Authorize(string token) => $"{token}.{Thumbprint}";

    /// <summary>
    /// Signs a request: with the account's URL, or null for requests that carry the key itself. An empty payload is a
    /// POST-as-GET (RFC 8555 section 6.3).
    /// </summary>
    public JwsMessage Sign(Uri url, string nonce, string? kid, ReadOnlySpan<byte> payload)
    {
        var header = new JwsHeader("ES256", url, nonce, kid is null ? Jwk : null, kid);

        // SignData's default format, r and s side by side, is the one that JWS wants.
        return JsonWebSignature.Create(header, payload, input => _key.SignData(input, HashAlgorithmName.SHA256));
    }

    /// <summary>Binds this key to an account that the CA knows (RFC 8555 section 7.3.4) by the CA's secret, base64url.</summary>
    public JwsMessage BindExternally(Uri newAccount, string keyId, string macKey)
    {
        var secret = Base64Url.DecodeFromChars(macKey.TrimEnd('='));
        var header = new JwsHeader("HS256", newAccount, Nonce: null, Jwk: null, keyId);
        var jwk = JsonSerializer.SerializeToUtf8Bytes(Jwk, AcmeJsonContext.Default.JsonWebKey);
        return JsonWebSignature.Create(header, jwk, input => HMACSHA256.HashData(secret, input));
    }

    public void Dispose() => _key.Dispose();
}
