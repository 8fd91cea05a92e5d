using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;

namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>
/// Signed requests to one CA: nonces, the retries that RFC 8555 section 6.5 wants for a bad one, and errors as
/// <see cref="AcmeException"/>. It knows nothing of orders.
/// </summary>
internal sealed class AcmeTransport(HttpClient http, Uri newNonce, TimeProvider clock)
{
    /// <summary>A chain is a few kilobytes; nothing that a CA sends is near this.</summary>
    public const int MaxResponseBytes = 1 << 20;

    /// <summary>
    /// Each try costs the CA one cheap answer. A CA with many front ends may reject most nonces for a while: even with nine of
    /// ten rejected, an order of fifteen requests gets through.
    /// </summary>
    private const int MaxNonceTries = 100;

    private static readonly MediaTypeHeaderValue JoseJson = new("application/jose+json");

    private readonly ConcurrentStack<string> _nonces = new();

    /// <summary>A plain GET, for what needs no account.</summary>
    public static async Task<AcmeResponse> GetAsync(HttpClient http, Uri url, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = await SendAsync(http, request, cancellationToken);
        return await ReadAsync(response, clock, cancellationToken);
    }

    /// <summary>Sends a request that <paramref name="sign"/> makes from a nonce; signed anew for each try.</summary>
    public async Task<AcmeResponse> PostAsync(Uri url, Func<string, JwsMessage> sign, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var nonce = _nonces.TryPop(out var kept) ? kept : await FetchNonceAsync(cancellationToken);
            using var request = new HttpRequestMessage(HttpMethod.Post, url);
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(sign(nonce), AcmeJsonContext.Default.JwsMessage))
            {
                Headers = { ContentType = JoseJson },
            };
            using var response = await SendAsync(http, request, cancellationToken);
            KeepNonce(response);
            try
            {
                return await ReadAsync(response, clock, cancellationToken);
            }
            catch (AcmeException exception) when (exception.Is("badNonce") && attempt < MaxNonceTries)
            {
                // The answer brought a fresh nonce: try again with that.
            }
        }
    }

    private async Task<string> FetchNonceAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, newNonce);
        using var response = await SendAsync(http, request, cancellationToken);
        if (NonceOf(response) is { } nonce)
        {
            return nonce;
        }

        // A refusal says how long to wait.
        await ReadAsync(response, clock, cancellationToken);
        throw new AcmeException($"The CA gave no nonce at {newNonce} (HTTP {(int)response.StatusCode}).");
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new AcmeException($"{request.RequestUri} cannot be reached: {exception.InnerException?.Message ?? exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AcmeException($"{request.RequestUri} did not answer within {http.Timeout.TotalSeconds:0} s.", exception);
        }
    }

    private static async Task<AcmeResponse> ReadAsync(HttpResponseMessage response, TimeProvider clock, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var retryAfter = RetryAfter.From(response.Headers.RetryAfter, clock.GetUtcNow());
        return response.IsSuccessStatusCode
            ? new AcmeResponse(body, response.Headers.Location, retryAfter)
            : throw new AcmeException(ProblemOf(response, body), response.StatusCode, retryAfter);
    }

    /// <summary>A load balancer in front of the CA answers with something else than a problem document.</summary>
    private static AcmeProblem ProblemOf(HttpResponseMessage response, byte[] body)
    {
        var status = $"HTTP {(int)response.StatusCode} from {response.RequestMessage?.RequestUri}";
        try
        {
            return JsonSerializer.Deserialize(body, AcmeJsonContext.Default.AcmeProblem) is { Type: not null } problem
                ? problem
                : new AcmeProblem("http", status, null);
        }
        catch (JsonException)
        {
            return new AcmeProblem("http", status, null);
        }
    }

    private void KeepNonce(HttpResponseMessage response)
    {
        if (NonceOf(response) is { } nonce)
        {
            _nonces.Push(nonce);
        }
    }

    private static string? NonceOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Replay-Nonce", out var values) ? values.FirstOrDefault() : null;
}
