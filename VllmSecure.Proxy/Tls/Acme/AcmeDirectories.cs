namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>Which CAs to ask. Pure.</summary>
internal static class AcmeDirectories
{
    // https://letsencrypt.org/docs/acme-protocol-updates/ and /docs/staging-environment/
    private static readonly Uri LetsEncrypt = new("https://acme-v02.api.letsencrypt.org/directory");
    private static readonly Uri LetsEncryptStaging = new("https://acme-staging-v02.api.letsencrypt.org/directory");

    /// <summary>The CAs in order: what is configured, else Let's Encrypt.</summary>
    public static IReadOnlyList<Uri> Of(AcmeOptions options, IHostEnvironment environment) => options.Directories.Count > 0
        ? [.. options.Directories.Select(url => new Uri(url))]
        : [environment.IsProduction() ? LetsEncrypt : LetsEncryptStaging];

    /// <summary>Whether a directory is one to rehearse with.</summary>
    public static bool IsStaging(Uri directory, AcmeOptions options) =>
        directory == LetsEncryptStaging || (options.StagingDirectory is { } configured && directory == new Uri(configured));

    /// <summary>The CA to rehearse with before <paramref name="directory"/> is asked again; null where there is none.</summary>
    public static Uri? StagingOf(Uri directory, AcmeOptions options)
    {
        var staging = options.StagingDirectory is { } configured ? new Uri(configured) : directory == LetsEncrypt ? LetsEncryptStaging : null;
        return staging == directory ? null : staging;
    }
}
