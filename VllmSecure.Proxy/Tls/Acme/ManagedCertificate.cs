using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Schedule;
using VllmSecure.Proxy.Tls.Acme.Storage;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>One identifier with the certificate at hand and what is planned for it. One loop writes, anybody reads.</summary>
internal sealed class ManagedCertificate(AcmeIdentifier identifier, ServerCertificate placeholder)
{
    // A clock that is days ahead makes every new certificate look due at once; without a pause the CA's limits would be gone in a minute.
    // A private CA's may live for less than an hour, so theirs is shorter.
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

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

    /// <summary>What was issued and is not in the storage yet; null where all is.</summary>
    public IssuedCertificate? Unsaved { get; set; }

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

    /// <summary>When to order next: now where somebody asked; after a failure when it may be tried again, else as planned; at once where there is nothing; never right after a success.</summary>
    public DateTimeOffset DueAt(DateTimeOffset now)
    {
        if (Requested.IsCompleted)
        {
            return now;
        }

        var state = _state;
        if (state.Failures > 0)
        {
            // A last attempt in the future: the clock was set back since then, and what was planned by it may be years away.
            return state.LastAttempt > now ? now : state.NextAttempt ?? now;
        }

        if (_issued is not { } issued)
        {
            return now;
        }

        var planned = RenewalSchedule.Plan(issued.NotBefore, issued.NotAfter, state.Window, RenewalSchedule.JitterOf(issued.Leaf.RawDataMemory.Span));
        var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, (issued.NotAfter - issued.NotBefore).Ticks / 3));
        return state.LastAttempt <= now && state.LastAttempt + pause is { } earliest && planned < earliest ? earliest : planned;
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
