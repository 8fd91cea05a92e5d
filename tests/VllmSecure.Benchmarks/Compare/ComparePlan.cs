namespace VllmSecure.Benchmarks.Compare;

/// <summary>How long and how often everything is measured. One round measures every target once, so that noise of the machine meets all of them.</summary>
internal sealed record ComparePlan
{
    /// <summary>Under ten minutes.</summary>
    public static ComparePlan Full { get; } = new();

    /// <summary>Under one minute: shows that everything works and roughly what it costs; compiled code is not warm yet.</summary>
    public static ComparePlan Quick { get; } = new()
    {
        Rounds = 1,
        Starts = 1,
        WarmUp = TimeSpan.Zero,
        Sequential = TimeSpan.FromSeconds(0.2),
        Saturation = TimeSpan.FromSeconds(0.4),
        Rate = TimeSpan.FromSeconds(0.2),
        Rates = [0.5],
        Chunks = TimeSpan.FromSeconds(0.3),
        FirstTokens = 20,
        Handshakes = TimeSpan.FromSeconds(0.15),
        LargeBodies = 1,
        HeldStreams = [0, 100, 300],
        IdleConnections = 50,
        IdleGaps = 1,
    };

    public int Rounds { get; init; } = 3;

    /// <summary>Starts of each process, to take the median of its first request.</summary>
    public int Starts { get; init; } = 3;

    /// <summary>Load before anything is measured: .NET compiles what is hot for some ten seconds.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Sequential { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Saturation { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan Rate { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Shares of a target's own maximum.</summary>
    public double[] Rates { get; init; } = [0.3, 0.5, 0.7];

    public TimeSpan Chunks { get; init; } = TimeSpan.FromSeconds(2.5);

    public int FirstTokens { get; init; } = 300;

    public TimeSpan Handshakes { get; init; } = TimeSpan.FromSeconds(0.8);

    public int LargeBodies { get; init; } = 3;

    public int[] HeldStreams { get; init; } = [0, 1_000, 4_000];

    public int IdleConnections { get; init; } = 1_000;

    /// <summary>Pauses of 5 to 6 s; each is followed by a request on every connection.</summary>
    public int IdleGaps { get; init; } = 10;
}
