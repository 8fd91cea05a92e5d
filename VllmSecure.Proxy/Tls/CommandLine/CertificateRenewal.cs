using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Storage;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Storage;

namespace VllmSecure.Proxy.Tls.CommandLine;

/// <summary><c>certificates renew</c>: asks the instance that serves, as the CA's validation arrives there.</summary>
internal sealed class CertificateRenewal(
    IOptions<TlsOptions> tls,
    IOptions<AcmeOptions> acme,
    RenewalRequests requests,
    AcmeRecords records,
    DataDirectoryLock serving,
    TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    // An order polls for five minutes at most, twice.
    private static readonly TimeSpan WaitFor = TimeSpan.FromMinutes(12);

    public async Task<int> RunAsync(TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (!string.Equals(tls.Value.Source, TlsSources.Acme, StringComparison.OrdinalIgnoreCase))
        {
            await errors.WriteLineAsync("Only certificates of Tls:Source=Acme are renewed here. Files are taken up by themselves when they change.");
            return 1;
        }

        if (!serving.IsHeldByAnother())
        {
            await errors.WriteLineAsync("No proxy serves from this data directory: start it, and it orders what is missing or due.");
            return 1;
        }

        var asked = clock.GetUtcNow();
        requests.Place();
        var failed = false;
        foreach (var identifier in acme.Value.Domains.Select(AcmeIdentifier.TryParse).OfType<AcmeIdentifier>())
        {
            failed |= !await ReportAsync(identifier, asked, output, errors, cancellationToken);
        }

        return failed ? 1 : 0;
    }

    private async Task<bool> ReportAsync(
        AcmeIdentifier identifier, DateTimeOffset asked, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        while (clock.GetUtcNow() - asked < WaitFor && await timer.WaitForNextTickAsync(cancellationToken))
        {
            var state = await records.StateAsync(identifier, cancellationToken);
            if (state.LastAttempt < asked || (state.Failures > 0 && state.LastError is null) || requests.IsPending())
            {
                continue;
            }

            if (state.LastError is { } error)
            {
                await errors.WriteLineAsync($"{identifier}: {error}");
                return false;
            }

            var certificate = await records.CertificateAsync(identifier, cancellationToken);
            await output.WriteLineAsync($"{identifier}: renewed, valid until {certificate?.NotAfter:u}.");
            return true;
        }

        await errors.WriteLineAsync($"{identifier}: no outcome yet; see the proxy's log.");
        return false;
    }
}
