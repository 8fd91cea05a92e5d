namespace VllmSecure.Simulator;

/// <summary>How a recorded request ended.</summary>
public enum RequestEnd
{
    /// <summary>The whole answer was written.</summary>
    Completed,

    /// <summary>The client left before the answer was whole.</summary>
    Aborted,

    /// <summary>An injected fault, or a stop of the server, ended it.</summary>
    Faulted,
}
