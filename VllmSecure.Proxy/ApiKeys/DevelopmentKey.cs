namespace VllmSecure.Proxy.ApiKeys;

/// <summary>
/// In Development a proxy without keys makes one for this run, so that the first request needs no preparation. It lives
/// in memory only and is shown on standard output itself: a logger might send it on to a file or a collector.
/// </summary>
internal sealed class DevelopmentKey(ApiKeyStore store, IHostEnvironment environment, TextWriter output) : IHostedService
{
    private const string Id = "development";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment() || store.Current.Ids.Count > 0)
        {
            return;
        }

        var secret = SecretText.Create();
        var entry = new ApiKeyEntry { Hash = SecretHash.Of(secret).ToString() };
        store.Replace(ApiKeyTable.Create([new(Id, entry)], "ApiKeys:", []));
        await output.WriteLineAsync($"No API key is configured (Development): this one lives until the proxy stops: {secret}");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
