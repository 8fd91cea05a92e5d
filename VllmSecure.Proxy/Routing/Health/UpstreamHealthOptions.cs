namespace VllmSecure.Proxy.Routing.Health;

/// <summary><c>Routing:Health</c>: when a server gets requests and when not.</summary>
internal sealed class UpstreamHealthOptions
{
    public const string Section = "Routing:Health";

    /// <summary>Seconds between two looks at each server (<c>/health</c>, its models, its metrics); 0: none, requests alone tell.</summary>
    public int IntervalSeconds { get; set; } = 5;

    /// <summary>Seconds that such a look may take.</summary>
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>Whether to let each server generate one token as well: an engine can hang while <c>/health</c> says 200. One that makes tokens for others meanwhile is only busy.</summary>
    public bool Generate { get; set; }

    /// <summary>Failures in a row, of requests or of looks, after which a server gets no more requests.</summary>
    public int Failures { get; set; } = 3;

    /// <summary>Seconds until it gets one request on trial; doubled with each trial that fails, up to a minute.</summary>
    public int OpenSeconds { get; set; } = 5;

    /// <summary>Seconds in which a server that is back, or new, grows to its full share.</summary>
    public int SlowStartSeconds { get; set; } = 30;
}
