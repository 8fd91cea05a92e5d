namespace VllmSecure.EndToEndTests.Attacks.Http1;

/// <summary>An attack on the parser: what is sent in front of the <see cref="Requests.Probe"/>, and which statuses come back.</summary>
/// <param name="Name">Says what is wrong with it.</param>
/// <param name="Bytes">Latin-1.</param>
/// <param name="Statuses">
/// The final statuses on the connection until it is closed. Where the last one is the probe's 200, the proxy went on as if nothing had been
/// sent; where it is a refusal, the connection was closed and the probe never read.
/// </param>
internal sealed record Http1Case(string Name, string Bytes, params int[] Statuses)
{
    /// <summary>Whether the answers have no bodies.</summary>
    public bool IsHead => Bytes.StartsWith("HEAD ", StringComparison.Ordinal);
}
