using System.Security.Cryptography;
using VllmSecure.Proxy.Tls.Acme.Challenges;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>One order from its placing to the download (RFC 8555 section 7.4). It knows neither schedule nor storage.</summary>
internal sealed partial class CertificateOrder(AcmeClient client, TimeProvider clock, ILogger logger)
{
    // A CA that has not looked or issued by then will not: better a new order than to wait on.
    private static readonly TimeSpan PollFor = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets a certificate with a fresh key. Throws <see cref="ChallengeFailedException"/> where another challenge may do, and
    /// <see cref="AcmeException"/> for everything else.
    /// </summary>
    public async Task<(string ChainPem, string KeyPem, bool Validated)> RunAsync(
        AcmeIdentifier identifier, IChallengeSolver solver, string? profile, string? replaces, CancellationToken cancellationToken)
    {
        var (url, order) = await PlaceAsync(identifier, profile, replaces, cancellationToken);
        Log.Ordered(logger, identifier.Value, url, solver.Type);
        var validated = false;
        foreach (var authorization in order.Authorizations)
        {
            validated |= await AuthorizeAsync(authorization, solver, cancellationToken);
        }

        order = await PollAsync(() => client.GetOrderAsync(url, cancellationToken), candidate => candidate.Status is not AcmeStatus.Pending, cancellationToken);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (order.Status == AcmeStatus.Ready)
        {
            await client.FinalizeAsync(order.Finalize, SigningRequests.Create(identifier, key), cancellationToken);
            order = await PollAsync(
                () => client.GetOrderAsync(url, cancellationToken),
                candidate => candidate.Status is not (AcmeStatus.Processing or AcmeStatus.Ready),
                cancellationToken);
        }

        if (order is not { Status: AcmeStatus.Valid, Certificate: { } certificate })
        {
            throw order.Error is { } error ? new AcmeException(error) : new AcmeException($"The CA left the order {url} {order.Status}.");
        }

        return (await client.DownloadAsync(certificate, cancellationToken), key.ExportPkcs8PrivateKeyPem(), validated);
    }

    private async Task<(Uri Url, AcmeOrder Order)> PlaceAsync(
        AcmeIdentifier identifier, string? profile, string? replaces, CancellationToken cancellationToken)
    {
        try
        {
            return await client.OrderAsync(identifier, profile, replaces, cancellationToken);
        }
        catch (AcmeException exception) when (replaces is not null && exception is { Problem: not null, IsOutage: false })
        {
            // Replaced already, ordered by another account, not known any more: each CA has its own word for it, and a plain order works.
            Log.NotReplaced(logger, identifier.Value, exception.Message);
            return await client.OrderAsync(identifier, profile, replaces: null, cancellationToken);
        }
    }

    /// <summary>Proves control; false where the CA still knew an older proof.</summary>
    private async Task<bool> AuthorizeAsync(Uri url, IChallengeSolver solver, CancellationToken cancellationToken)
    {
        var (authorization, _) = await client.GetAuthorizationAsync(url, cancellationToken);
        if (authorization.Status == AcmeStatus.Valid)
        {
            return false;
        }

        if (authorization.Challenges.FirstOrDefault(challenge => challenge.Type == solver.Type) is not { Token: { } token } challenge)
        {
            await GiveUpAsync(url);
            throw new ChallengeFailedException($"The CA does not offer {solver.Type} for {authorization.Identifier.Value}.");
        }

        var answer = client.Key.Authorize(token);
        try
        {
            await PresentAsync(url, authorization.Identifier, solver, token, answer, cancellationToken);
            await client.RespondAsync(challenge.Url, cancellationToken);
            authorization = await PollAsync(
                () => client.GetAuthorizationAsync(url, cancellationToken), candidate => candidate.Status != AcmeStatus.Pending, cancellationToken);
        }
        finally
        {
            await solver.RemoveAsync(authorization.Identifier, token, answer);
        }

        if (authorization.Status != AcmeStatus.Valid)
        {
            var error = authorization.Challenges.FirstOrDefault(candidate => candidate.Type == solver.Type)?.Error;
            throw new ChallengeFailedException($"{solver.Type} failed: {error?.Describe() ?? authorization.Status}");
        }

        Log.Validated(logger, authorization.Identifier.Value, solver.Type);
        return true;
    }

    private async Task PresentAsync(
        Uri authorization, AcmeIdentifier identifier, IChallengeSolver solver, string token, string answer, CancellationToken cancellationToken)
    {
        try
        {
            await solver.PresentAsync(identifier, token, answer, cancellationToken);
        }
        catch (AcmeException exception)
        {
            await GiveUpAsync(authorization);
            throw new ChallengeFailedException(exception.Message, exception);
        }
    }

    /// <summary>Pending authorizations count against the account for a week; a CA that does not care costs nothing.</summary>
    private async Task GiveUpAsync(Uri authorization)
    {
        try
        {
            await client.DeactivateAsync(authorization, CancellationToken.None);
        }
        catch (AcmeException exception)
        {
            Log.NotGivenUp(logger, authorization, exception.Message);
        }
    }

    private async Task<T> PollAsync<T>(Func<Task<(T Value, TimeSpan? RetryAfter)>> get, Func<T, bool> isDone, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var wait = FirstPoll;
        while (true)
        {
            var (value, retryAfter) = await get();
            if (isDone(value))
            {
                return value;
            }

            if (clock.GetElapsedTime(started) > PollFor)
            {
                throw new AcmeException($"The CA did not decide within {PollFor.TotalMinutes:0} minutes.");
            }

            // Retry-After may be zero, or an instant that is past by our clock.
            var asked = Math.Clamp((retryAfter ?? wait).Ticks, FirstPoll.Ticks, LongestPoll.Ticks);
            await Task.Delay(TimeSpan.FromTicks(asked), clock, cancellationToken);
            wait = wait * 2 < LongestPoll ? wait * 2 : LongestPoll;
        }
    }
}
