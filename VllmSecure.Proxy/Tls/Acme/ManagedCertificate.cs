using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Schedule;
using VllmSecure.Proxy.Tls.Acme.Storage;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>One identifier with the certificate at hand and what is planned for it. One loop writes, anybody reads.</summary>
internal sealed class ManagedCertificate(AcmeIdentifier identifier, ServerCertificate placeholder)
{
    private volatile ServerCertificate? _issued;
    private volatile CertificateState _state = new();
    private TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AcmeIdentifier Identifier => identifier;

    /// <summary>The certificate of a CA; null where there is none yet.</summary>
    public ServerCertificate? Issued
    {
        get => _issued;
        set => _issued = value;
    }

    public CertificateState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>What handshakes get.</summary>
    public ServerCertificate Served => _issued ?? placeholder;

    /// <summary>Completes when somebody asks for a renewal right now.</summary>
    public Task Requested => Volatile.Read(ref _requested).Task;

    public void Request() => Volatile.Read(ref _requested).TrySetResult();

    public void AcknowledgeRequest() => Volatile.Write(ref _requested, new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>When to order next: after a failure when it may be tried again, else as planned; at once where there is nothing.</summary>
    public DateTimeOffset DueAt(DateTimeOffset now)
    {
        var state = _state;
        if (state.Failures > 0)
        {
            // A last attempt in the future: the clock was set back since then, and what was planned by it may be years away.
            return state.LastAttempt > now ? now : state.NextAttempt ?? now;
        }

        return _issued is { } issued
            ? RenewalSchedule.Plan(issued.NotBefore, issued.NotAfter, state.Window, RenewalSchedule.JitterOf(issued.Leaf.RawDataMemory.Span))
            : now;
    }

    public CertificateStatus Describe(DateTimeOffset now)
    {
        var (served, state) = (Served, _state);
        return new CertificateStatus([identifier.Value], _issued is null ? served.Origin : state.Directory?.Host ?? served.Origin, served.NotAfter)
        {
            IsPlaceholder = _issued is null,
            NextRenewal = DueAt(now),
            LastAttempt = state.LastAttempt,
            LastError = state.LastError,
            Failures = state.Failures,
        };
    }
}
