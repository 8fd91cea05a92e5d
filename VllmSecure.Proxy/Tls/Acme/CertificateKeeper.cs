using VllmSecure.Proxy.Tls.Acme.Schedule;
using VllmSecure.Proxy.Tls.Acme.Storage;

namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>The loop of one certificate: waits for the planned instant, renews, and after a failure tries again for as long as it takes.</summary>
internal sealed partial class CertificateKeeper(
    CertificateIssuer issuer, RenewalInfoReader renewalInfo, AcmeRecords records, TimeProvider clock, ILogger<CertificateKeeper> logger) : IDisposable
{
    // As Caddy: a machine that slept or whose clock was set finds out soon.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(10);

    // Timers know no less than a millisecond: a rest below that would be waited for in a busy loop.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    // A start with a hundred names must not place a hundred orders at once.
    private readonly SemaphoreSlim _orders = new(4);

    public void Dispose() => _orders.Dispose();

    public async Task KeepAsync(ManagedCertificate managed, Action publish, CancellationToken stopping)
    {
        var planned = DateTimeOffset.MinValue;
        while (true)
        {
            var known = managed.State;
            await renewalInfo.UpdateAsync(managed, stopping);
            if (managed.Unsaved is { } unsaved)
            {
                await SaveAsync(managed, unsaved);
            }
            else if (managed.State != known)
            {
                // For a start while the CA is out of reach, and for the command line.
                await SaveStateAsync(managed);
            }

            var now = clock.GetUtcNow();
            var due = managed.DueAt(now);
            if (due <= now)
            {
                managed.AcknowledgeRequest();
                await AttemptAsync(managed, publish, stopping);
                continue;
            }

            if (due != planned)
            {
                Log.Planned(logger, managed.Identifier.Value, due);
                planned = due;
            }

            var wait = TimeSpan.FromTicks(Math.Clamp((due - now).Ticks, ShortestWait.Ticks, LookEvery.Ticks));
            await Task.WhenAny(Task.Delay(wait, clock, stopping), managed.Requested);
            stopping.ThrowIfCancellationRequested();
        }
    }

    /// <summary>One attempt; its outcome is in the state, whatever it is.</summary>
    private async Task AttemptAsync(ManagedCertificate managed, Action publish, CancellationToken stopping)
    {
        await _orders.WaitAsync(stopping);
        try
        {
            // Counted on disk before the CA is asked: what cannot be kept must not be ordered, and no crash goes uncounted.
            var before = managed.State;
            var now = clock.GetUtcNow();
            var failures = before.Failures + 1;
            managed.State = before with { LastAttempt = now, Failures = failures, NextAttempt = now + RetrySchedule.DelayAfter(failures) };

            // On disk without the last failure: who waits there for the outcome must not take that for it.
            await records.SaveStateAsync(managed.Identifier, managed.State with { LastError = null }, stopping);

            using var held = await records.LockOrderAsync(managed.Identifier, stopping);
            var issued = await issuer.IssueAsync(managed.Identifier, managed.Issued, before, stopping);
            managed.Issued = issued.Certificate;
            managed.State = new CertificateState { LastAttempt = now, Challenge = issued.Challenge, Directory = issued.Directory };
            publish();
            Log.Issued(logger, managed.Identifier.Value, issued.Directory, issued.Certificate.NotAfter);
            if (RenewalSchedule.Plan(issued.Certificate.NotBefore, issued.Certificate.NotAfter, window: null, jitter: 0) <= now)
            {
                Log.DueAlready(logger, managed.Identifier.Value, issued.Certificate.NotBefore, issued.Certificate.NotAfter, now);
            }

            await SaveAsync(managed, issued);
        }
        catch (IssuanceFailedException exception)
        {
            await FailAsync(managed, exception.Message, exception.BlockedUntil);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await FailAsync(managed, $"The store cannot be used, so nothing is ordered: {exception.Message} Make DataDirectory writable.", blocked: null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            // A defect in one attempt must not end the loop: a certificate that is never renewed is worse than a failed try.
            await FailAsync(managed, $"{exception.GetType().Name}: {exception.Message}", blocked: null);
        }
        finally
        {
            _orders.Release();
        }
    }

    /// <summary>A certificate that was not saved is served all the same: to order it again would use up the CA's limits. It is tried again at each look.</summary>
    private async Task SaveAsync(ManagedCertificate managed, IssuedCertificate issued)
    {
        try
        {
            await records.SaveCertificateAsync(managed.Identifier, issued.ChainPem, issued.KeyPem, CancellationToken.None);
            var state = managed.State.Failures == 0 ? managed.State with { LastError = null } : managed.State;
            await records.SaveStateAsync(managed.Identifier, state, CancellationToken.None);
            (managed.State, managed.Unsaved) = (state, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (managed.Unsaved != issued)
            {
                Log.CertificateNotSaved(logger, managed.Identifier.Value, exception.Message);
            }

            managed.Unsaved = issued;
            managed.State = managed.State with { LastError = $"It was issued and could not be saved: {exception.Message}" };
        }
    }

    private async Task FailAsync(ManagedCertificate managed, string reason, IReadOnlyDictionary<string, DateTimeOffset>? blocked)
    {
        var now = clock.GetUtcNow();
        var next = now + RetrySchedule.DelayAfter(managed.State.Failures);
        managed.State = managed.State with
        {
            LastAttempt = now,
            LastError = reason,
            NextAttempt = next,
            BlockedUntil = blocked ?? managed.State.BlockedUntil,
        };
        LogFailure(managed, reason, next, now);
        await SaveStateAsync(managed);
    }

    /// <summary>What is not on disk is known as long as the process lives.</summary>
    private async Task SaveStateAsync(ManagedCertificate managed)
    {
        try
        {
            await records.SaveStateAsync(managed.Identifier, managed.State, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotSaved(logger, managed.Identifier.Value, exception.Message);
        }
    }

    private void LogFailure(ManagedCertificate managed, string reason, DateTimeOffset next, DateTimeOffset now)
    {
        var (identifier, failures) = (managed.Identifier.Value, managed.State.Failures);
        if (managed.Issued is not { } issued)
        {
            Log.NotIssued(logger, identifier, failures, reason, next);
        }
        else if (issued.NotAfter > now)
        {
            Log.NotRenewed(logger, identifier, failures, reason, next, issued.NotAfter);
        }
        else
        {
            Log.Ended(logger, identifier, failures, reason, next, issued.NotAfter);
        }
    }
}
