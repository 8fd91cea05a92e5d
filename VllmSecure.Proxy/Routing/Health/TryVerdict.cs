namespace VllmSecure.Proxy.Routing.Health;

/// <summary>What one try says about its server.</summary>
internal enum TryVerdict
{
    /// <summary>Nothing: the client left, or the server was busy.</summary>
    Unknown,

    /// <summary>It works: it gave an answer, be it an error of the client's.</summary>
    Success,

    /// <summary>It could not be reached, broke off, stalled, or failed by itself.</summary>
    Failure,
}
