namespace VllmSecure.Proxy.ApiKeys;

/// <summary>
/// In Development a proxy without keys makes one for this run, so that the first request needs no preparation. It lives
/// in memory only and is shown on standard output itself: a logger might send it on to a file or a collector.
/// </summary>
internal sealed class DevelopmentKey(ApiKeyStore store, IHostEnvironment environment, TextWriter output)
{
    private const string Id = "development";

    /// <summary>Adds the key where none is and one may be made; true if it did.</summary>
    public bool AddIfNone()
    {
        if (!environment.IsDevelopment() || store.Current.Ids.Count > 0)
        {
            return false;
        }

        var secret = SecretText.Create();
        store.AddForThisRun(Id, new ApiKeyEntry { Hash = SecretHash.Of(secret).ToString() });
        output.WriteLine($"No API key is configured (Development): this one lives until the proxy stops: {secret}");
        return true;
    }
}
