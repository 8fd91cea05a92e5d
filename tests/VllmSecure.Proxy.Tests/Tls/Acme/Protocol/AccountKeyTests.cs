using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tests.Tls.Acme.Protocol;

public sealed class AccountKeyTests
{
    private static readonly Uri Url = new("https://ca.example/new");

    // The key of RFC 7515 appendix A.3, as PKCS #8.
    private const string KnownX = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    private const string KnownY = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    private const string KnownD = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";

    [Fact]
    public void Jwk_KnownKey_IsThatOfTheRfcAndItsThumbprintIsOfTheCanonicalForm()
    {
        using var known = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = { X = Base64Url.DecodeFromChars(KnownX), Y = Base64Url.DecodeFromChars(KnownY) },
            D = Base64Url.DecodeFromChars(KnownD),
        });
        using var key = AccountKey.FromPem(known.ExportPkcs8PrivateKeyPem());

        Assert.Equal(new JsonWebKey("P-256", "EC", KnownX, KnownY), key.Jwk);
        var canonical = $$"""{"crv":"P-256","kty":"EC","x":"{{KnownX}}","y":"{{KnownY}}"}""";
        Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonical))), key.Thumbprint);
        Assert.Equal($"token.{key.Thumbprint}", key.Authorize("token"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://ca.example/account/1")]
    public void Sign_Request_VerifiesAndCarriesEitherTheKeyOrTheAccount(string? account)
    {
        using var key = AccountKey.Create();
        var message = key.Sign(Url, "nonce", account, "{}"u8);

        using var verifier = ECDsa.Create();
        verifier.ImportFromPem(key.ToPem());
        Assert.True(verifier.VerifyData(
            Encoding.ASCII.GetBytes($"{message.Protected}.{message.Payload}"), Base64Url.DecodeFromChars(message.Signature), HashAlgorithmName.SHA256));
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(message.Protected));
        Assert.Equal("ES256", header.RootElement.GetProperty("alg").GetString());
        Assert.Equal("nonce", header.RootElement.GetProperty("nonce").GetString());
        Assert.Equal(Url.AbsoluteUri, header.RootElement.GetProperty("url").GetString());
        Assert.Equal(account is null, header.RootElement.TryGetProperty("jwk", out _));
        Assert.Equal(account is not null, header.RootElement.TryGetProperty("kid", out _));
    }

    [Fact]
    public void Sign_EmptyPayload_IsAnEmptyString()
    {
        using var key = AccountKey.Create();

        Assert.Equal("", key.Sign(Url, "nonce", "kid", []).Payload);
    }

    [Fact]
    public void BindExternally_SecretOfTheCa_SignsOurKeyWithoutANonce()
    {
        using var key = AccountKey.Create();
        var secret = RandomNumberGenerator.GetBytes(32);
        var message = key.BindExternally(Url, "kid-1", Base64Url.EncodeToString(secret));

        var expected = HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes($"{message.Protected}.{message.Payload}"));
        Assert.Equal(Base64Url.EncodeToString(expected), message.Signature);
        Assert.Equal(JsonSerializer.Serialize(key.Jwk, AcmeJsonContext.Default.JsonWebKey), Encoding.UTF8.GetString(Base64Url.DecodeFromChars(message.Payload)));
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(message.Protected));
        Assert.Equal("HS256", header.RootElement.GetProperty("alg").GetString());
        Assert.False(header.RootElement.TryGetProperty("nonce", out _));
    }

    [Fact]
    public void FromPem_AnotherCurve_IsRefused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var pem = other.ExportPkcs8PrivateKeyPem();

        Assert.Throws<CryptographicException>(() => AccountKey.FromPem(pem));
    }
}
