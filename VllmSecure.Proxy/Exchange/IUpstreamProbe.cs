namespace VllmSecure.Proxy.Exchange;

/// <summary>Asks the upstreams about themselves, over the connections and with the keys that requests take.</summary>
internal interface IUpstreamProbe
{
    /// <summary>The names of the configured upstreams.</summary>
    IReadOnlyCollection<string> Upstreams { get; }

    /// <summary>GETs a path of an upstream.</summary>
    /// <returns>The body of a 200; null for another status, or when the upstream cannot be reached in a few seconds.</returns>
    Task<byte[]?> GetAsync(string upstream, string path, CancellationToken cancellationToken);
}
