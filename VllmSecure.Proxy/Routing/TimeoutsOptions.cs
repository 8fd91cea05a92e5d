namespace VllmSecure.Proxy.Routing;

/// <summary>
/// <c>Timeouts</c>: separate budgets for the parts of a request, because a model may think for minutes before its first
/// token and then must not fall silent.
/// </summary>
internal sealed class TimeoutsOptions
{
    public const string Section = "Timeouts";

    /// <summary>Seconds to connect to an upstream.</summary>
    public int ConnectSeconds { get; set; } = 10;

    /// <summary>Seconds from forwarding a request to the first byte of its answer: queue and prefill.</summary>
    public int FirstByteSeconds { get; set; } = 600;

    /// <summary>Seconds between two bytes of an answer.</summary>
    public int BetweenBytesSeconds { get; set; } = 300;

    /// <summary>Seconds for the whole request; 0: unlimited.</summary>
    public int TotalSeconds { get; set; }
}
