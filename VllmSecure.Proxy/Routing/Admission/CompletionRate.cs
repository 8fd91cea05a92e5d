namespace VllmSecure.Proxy.Routing.Admission;

/// <summary>How fast requests end, by the last ones that did. Not thread-safe.</summary>
internal sealed class CompletionRate(TimeProvider clock)
{
    /// <summary>Enough that one long answer says little, few enough to follow a change of load.</summary>
    private const int Kept = 64;

    private readonly Queue<long> _ends = new(Kept);

    /// <summary>A request has ended now.</summary>
    public void Add()
    {
        if (_ends.Count == Kept)
        {
            _ends.Dequeue();
        }

        _ends.Enqueue(clock.GetTimestamp());
    }

    /// <summary>Ends a second, falling while nothing ends; null: too few have ended to tell.</summary>
    public double? PerSecond =>
        _ends.Count >= 2 && clock.GetElapsedTime(_ends.Peek()) is { TotalSeconds: > 0 } time ? (_ends.Count - 1) / time.TotalSeconds : null;
}
