using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>The operations of RFC 8555 for one account at one CA. Every failure is an <see cref="AcmeException"/>.</summary>
internal sealed class AcmeClient(HttpClient http, AcmeDirectory directory, AccountKey key, TimeProvider clock)
{
    private readonly AcmeTransport _transport = new(http, directory.NewNonce, clock);

    public AccountKey Key => key;

    /// <summary>The account's URL; set once it is known.</summary>
    public Uri? AccountUrl { get; set; }

    public static async Task<AcmeDirectory> GetDirectoryAsync(HttpClient http, Uri url, TimeProvider clock, CancellationToken cancellationToken) =>
        (await AcmeTransport.GetAsync(http, url, clock, cancellationToken)).Read(AcmeJsonContext.Default.AcmeDirectory);

    /// <summary>Creates the account, or finds the one that the key already has: newAccount does either (section 7.3.1).</summary>
    public async Task RegisterAsync(string? email, (string KeyId, string MacKey)? external, CancellationToken cancellationToken)
    {
        JsonElement? binding = external is var (keyId, macKey)
            ? JsonSerializer.SerializeToElement(key.BindExternally(directory.NewAccount, keyId, macKey), AcmeJsonContext.Default.JwsMessage)
            : null;
        var request = new AcmeAccountRequest(TermsOfServiceAgreed: true, email is null ? null : [$"mailto:{email}"], binding);
        var payload = JsonSerializer.SerializeToUtf8Bytes(request, AcmeJsonContext.Default.AcmeAccountRequest);
        var response = await _transport.PostAsync(
            directory.NewAccount, nonce => key.Sign(directory.NewAccount, nonce, kid: null, payload), cancellationToken);
        AccountUrl = response.Location ?? throw new AcmeException("The CA made an account and gave no URL for it.");
    }

    /// <summary>Places an order; its URL comes with it.</summary>
    public async Task<(Uri Url, AcmeOrder Order)> OrderAsync(
        AcmeIdentifier identifier, string? profile, string? replaces, CancellationToken cancellationToken)
    {
        var request = new AcmeOrderRequest([identifier], profile, replaces);
        var response = await PostAsync(directory.NewOrder, request, AcmeJsonContext.Default.AcmeOrderRequest, cancellationToken);
        return (response.Location ?? throw new AcmeException("The CA took an order and gave no URL for it."), response.Read(AcmeJsonContext.Default.AcmeOrder));
    }

    public async Task<(AcmeOrder Order, TimeSpan? RetryAfter)> GetOrderAsync(Uri url, CancellationToken cancellationToken)
    {
        var response = await FetchAsync(url, cancellationToken);
        return (response.Read(AcmeJsonContext.Default.AcmeOrder), response.RetryAfter);
    }

    public async Task<(AcmeAuthorization Authorization, TimeSpan? RetryAfter)> GetAuthorizationAsync(Uri url, CancellationToken cancellationToken)
    {
        var response = await FetchAsync(url, cancellationToken);
        return (response.Read(AcmeJsonContext.Default.AcmeAuthorization), response.RetryAfter);
    }

    /// <summary>Gives an authorization up, so that it does not count as pending at the CA (section 7.5.2).</summary>
    public Task DeactivateAsync(Uri authorization, CancellationToken cancellationToken) =>
        PostAsync(authorization, new AcmeStatusChange("deactivated"), AcmeJsonContext.Default.AcmeStatusChange, cancellationToken);

    /// <summary>Tells the CA that a challenge can be looked at: an empty object, unlike the empty payload of a fetch.</summary>
    public Task RespondAsync(Uri challenge, CancellationToken cancellationToken) =>
        PostAsync(challenge, "{}"u8.ToArray(), cancellationToken);

    /// <summary>Hands in the DER of the certificate signing request.</summary>
    public Task FinalizeAsync(Uri finalize, byte[] signingRequest, CancellationToken cancellationToken) =>
        PostAsync(finalize, new AcmeFinalizeRequest(Base64Url.EncodeToString(signingRequest)), AcmeJsonContext.Default.AcmeFinalizeRequest, cancellationToken);

    /// <summary>The chain as PEM, leaf first.</summary>
    public async Task<string> DownloadAsync(Uri certificate, CancellationToken cancellationToken) =>
        System.Text.Encoding.UTF8.GetString((await FetchAsync(certificate, cancellationToken)).Body);

    /// <summary>Revokes a certificate, given as DER, for a reason of RFC 5280 section 5.3.1 or none.</summary>
    public async Task RevokeAsync(byte[] certificate, int? reason, CancellationToken cancellationToken)
    {
        var url = directory.RevokeCert ?? throw new AcmeException("The CA offers no revocation.");
        await PostAsync(url, new AcmeRevocationRequest(Base64Url.EncodeToString(certificate), reason), AcmeJsonContext.Default.AcmeRevocationRequest, cancellationToken);
    }

    /// <summary>When the CA wants a certificate renewed; null where it offers no ARI. Needs no account (RFC 9773 section 4.1).</summary>
    public static async Task<(AcmeRenewalInfo Info, TimeSpan? RetryAfter)?> GetRenewalInfoAsync(
        HttpClient http, AcmeDirectory directory, string certificate, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (directory.RenewalInfo is not { } url)
        {
            return null;
        }

        var response = await AcmeTransport.GetAsync(http, new Uri($"{url.AbsoluteUri.TrimEnd('/')}/{certificate}"), clock, cancellationToken);
        return (response.Read(AcmeJsonContext.Default.AcmeRenewalInfo), response.RetryAfter);
    }

    private Task<AcmeResponse> FetchAsync(Uri url, CancellationToken cancellationToken) => PostAsync(url, [], cancellationToken);

    private Task<AcmeResponse> PostAsync<T>(Uri url, T payload, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        PostAsync(url, JsonSerializer.SerializeToUtf8Bytes(payload, type), cancellationToken);

    private Task<AcmeResponse> PostAsync(Uri url, byte[] payload, CancellationToken cancellationToken)
    {
        var account = AccountUrl?.AbsoluteUri ?? throw new InvalidOperationException("Register the account first.");
        return _transport.PostAsync(url, nonce => key.Sign(url, nonce, account, payload), cancellationToken);
    }
}
