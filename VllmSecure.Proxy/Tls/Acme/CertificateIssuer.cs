using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Tls.Acme.Challenges;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Storage;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>One attempt to get one certificate: CAs in order, challenges in turn, staging first after a failure.</summary>
internal sealed partial class CertificateIssuer(
    IOptions<AcmeOptions> options,
    IHostEnvironment environment,
    IHttpClientFactory http,
    IEnumerable<IChallengeSolver> solvers,
    AcmeRecords records,
    TimeProvider clock,
    ILogger<CertificateIssuer> logger)
{
    private const string ShortLived = "shortlived";

    /// <summary>Throws <see cref="IssuanceFailedException"/> once no CA is left.</summary>
    public async Task<IssuedCertificate> IssueAsync(
        AcmeIdentifier identifier, ServerCertificate? current, CertificateState state, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        var blocked = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var wasSetBack = state.LastAttempt > clock.GetUtcNow(); // Then what a CA asked for was counted from an instant that may be years away.
        foreach (var directory in AcmeDirectories.Of(options.Value, environment))
        {
            if (!wasSetBack && state.BlockedUntil.TryGetValue(directory.AbsoluteUri, out var until) && until > clock.GetUtcNow())
            {
                blocked[directory.AbsoluteUri] = until;
                failures.Add($"{directory.Host}: it asked to be left alone until {until:u}.");
                continue;
            }

            try
            {
                return await IssueFromAsync(directory, identifier, current, state, cancellationToken);
            }
            catch (Exception exception) when (IsOfTheCa(exception, cancellationToken))
            {
                failures.Add($"{directory.Host}: {(exception is AcmeException ? "" : $"{exception.GetType().Name}: ")}{exception.Message}");
                if (exception is AcmeException { RetryAfter: { } wait })
                {
                    blocked[directory.AbsoluteUri] = clock.GetUtcNow() + wait;
                }
            }
        }

        throw new IssuanceFailedException(string.Join(" ", failures), blocked);
    }

    /// <summary>
    /// Proves to the staging CA that an order would succeed; nothing is kept. A challenge that cannot be answered from this
    /// process is left out. Throws <see cref="AcmeException"/>.
    /// </summary>
    public Task RehearseAsync(
        Uri staging, AcmeIdentifier identifier, CertificateState state, string? without, CancellationToken cancellationToken) =>
        OrderAsync(staging, identifier, state, replaces: null, without, cancellationToken);

    private async Task<IssuedCertificate> IssueFromAsync(
        Uri directory, AcmeIdentifier identifier, ServerCertificate? current, CertificateState state, CancellationToken cancellationToken)
    {
        if (state.Failures > 0 && AcmeDirectories.StagingOf(directory, options.Value) is { } staging)
        {
            Log.Rehearsing(logger, identifier.Value, staging);
            try
            {
                await RehearseAsync(staging, identifier, state, without: null, cancellationToken);
            }
            catch (AcmeException exception) when (exception.IsOutage)
            {
                // Staging promises no availability: its outage says nothing about the real CA.
                Log.NoRehearsal(logger, staging, exception.Message);
            }
        }

        // Only the CA that issued a certificate knows it by its ARI name.
        var replaces = current is not null && state.Directory == directory ? RenewalIdentifier.Of(current.Leaf) : null;
        return await OrderAsync(directory, identifier, state, replaces, without: null, cancellationToken);
    }

    private async Task<IssuedCertificate> OrderAsync(
        Uri directoryUrl, AcmeIdentifier identifier, CertificateState state, string? replaces, string? without, CancellationToken cancellationToken)
    {
        var client = http.CreateClient(AcmeHttp.Client);
        var directory = await AcmeClient.GetDirectoryAsync(client, directoryUrl, clock, cancellationToken);
        using var key = await records.AccountKeyAsync(directoryUrl, cancellationToken);
        var acme = new AcmeClient(client, directory, key, clock);
        await acme.RegisterAsync(options.Value.Email, ExternalAccountFor(directory), cancellationToken);
        var order = new CertificateOrder(acme, clock, logger);
        var profile = ProfileFor(directory, identifier);
        replaces = directory.RenewalInfo is null ? null : replaces;
        var failures = new List<string>();
        foreach (var solver in ChallengeOrder.Of(solvers, options.Value, identifier, state.Challenge).Where(solver => solver.Type != without))
        {
            try
            {
                var (chainPem, keyPem, validated) = await order.RunAsync(identifier, solver, profile, replaces, cancellationToken);
                var certificate = IssuedChain.Check(chainPem, keyPem, identifier, clock.GetUtcNow());
                return new IssuedCertificate(certificate, chainPem, keyPem, directoryUrl, validated ? solver.Type : state.Challenge);
            }
            catch (ChallengeFailedException exception)
            {
                failures.Add(exception.Message);
            }
        }

        throw new AcmeException(failures.Count == 0 ? $"No challenge can prove {identifier}: see Tls:Acme:Challenges." : string.Join(" ", failures));
    }

    /// <summary>Whether the next CA may do better: all but a store that cannot be used and a proxy that stops. Nonsense of one CA must not keep the next from being asked.</summary>
    private static bool IsOfTheCa(Exception exception, CancellationToken stopping) =>
        exception is not (IOException or UnauthorizedAccessException) && (exception is not OperationCanceledException || !stopping.IsCancellationRequested);

    private (string KeyId, string MacKey)? ExternalAccountFor(AcmeDirectory directory)
    {
        if (directory.Meta?.ExternalAccountRequired != true)
        {
            return null;
        }

        return options.Value.ExternalAccount is { KeyId: { Length: > 0 } keyId, Key: { Length: > 0 } key }
            ? (keyId, key)
            : throw new AcmeException("This CA wants an account that is bound to one of yours: set Tls:Acme:ExternalAccount:KeyId and :Key as it gave them to you.");
    }

    /// <summary>CAs issue for addresses only under a short-lived profile, whatever the names beside them get.</summary>
    private string? ProfileFor(AcmeDirectory directory, AcmeIdentifier identifier)
    {
        var offered = directory.Meta?.Profiles;
        if (identifier.IsAddress && offered?.ContainsKey(ShortLived) == true)
        {
            return ShortLived;
        }

        if (options.Value.Profile is not { } wanted)
        {
            return null;
        }

        if (offered?.ContainsKey(wanted) == true)
        {
            return wanted;
        }

        Log.NoProfile(logger, wanted, directory.NewOrder.Host);
        return null;
    }
}
