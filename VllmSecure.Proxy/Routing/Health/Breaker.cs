namespace VllmSecure.Proxy.Routing.Health;

/// <summary>
/// Whether a server gets requests. Two things can be against it: requests that failed in a row, and looks (probes) that did.
/// Only a request that was sent since makes up for requests: <c>/health</c> may say 200 while every request fails, and a
/// stream that had begun before may end well.
/// </summary>
internal sealed class Breaker(UpstreamHealthOptions options, TimeProvider clock)
{
    /// <summary>A server that is repaired should not wait much longer than somebody who watches it.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>What a server gets at the start of its slow start; 0 would never let it begin.</summary>
    private const double SmallestShare = 0.1;

    private readonly Lock _gate = new();
    private int _failures;
    private int _failedLooks;
    private int _openings;
    private int _epoch;
    private long _openedAt;
    private long? _warmSince;
    private bool _isOnTrial;

    /// <summary>Whether a request may go there: in order, or due for a trial that is not under way.</summary>
    public bool IsAvailable
    {
        get
        {
            lock (_gate)
            {
                return _failedLooks < options.Failures && (_openings == 0 || IsTrialDue());
            }
        }
    }

    /// <summary>Its part of a full share, between 0 and 1: grows in the slow start.</summary>
    public double Share
    {
        get
        {
            lock (_gate)
            {
                if (_warmSince is not { } since || options.SlowStartSeconds == 0)
                {
                    return 1;
                }

                return Math.Clamp(clock.GetElapsedTime(since).TotalSeconds / options.SlowStartSeconds, SmallestShare, 1);
            }
        }
    }

    /// <summary>A request goes there now; it may be the trial.</summary>
    public BreakerPass Enter()
    {
        lock (_gate)
        {
            var isTrial = _openings > 0 && IsTrialDue();
            _isOnTrial |= isTrial;
            return new BreakerPass(_epoch, isTrial);
        }
    }

    /// <summary>A request is over.</summary>
    public void Leave(TryVerdict verdict, BreakerPass pass)
    {
        lock (_gate)
        {
            if (pass.Epoch != _epoch)
            {
                return;
            }

            _isOnTrial &= !pass.IsTrial;
            if (verdict == TryVerdict.Success)
            {
                Close();
            }
            else if (verdict == TryVerdict.Failure)
            {
                Fail(pass.IsTrial);
            }
        }
    }

    /// <summary>A look at the server is over.</summary>
    public void Look(bool isHealthy)
    {
        lock (_gate)
        {
            if (isHealthy && _failedLooks >= options.Failures)
            {
                _warmSince = clock.GetTimestamp();
            }

            _failedLooks = isHealthy ? 0 : Math.Min(_failedLooks + 1, options.Failures);
        }
    }

    /// <summary>Begins a slow start.</summary>
    public void WarmUp()
    {
        lock (_gate)
        {
            _warmSince = clock.GetTimestamp();
        }
    }

    private void Close()
    {
        if (_openings > 0)
        {
            _warmSince = clock.GetTimestamp();
        }

        _failures = 0;
        _openings = 0;
    }

    private void Fail(bool isTrial)
    {
        _failures++;
        if (isTrial || (_openings == 0 && _failures >= options.Failures))
        {
            _openings++;
            _epoch++;
            _isOnTrial = false;
            _openedAt = clock.GetTimestamp();
        }
    }

    /// <summary>Earlier requests are no trial: they come when no server is in order, and one of them has to be asked.</summary>
    private bool IsTrialDue()
    {
        var pause = TimeSpan.FromSeconds(options.OpenSeconds) * Math.Pow(2, Math.Min(_openings - 1, 10));
        return !_isOnTrial && clock.GetElapsedTime(_openedAt) >= (pause < LongestPause ? pause : LongestPause);
    }
}
