using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.FileProviders;

namespace VllmSecure.Proxy.ApiKeys;

internal static class SecretFilesExtensions
{
    // Docker, Podman and Compose mount secrets here.
    private const string ContainerSecrets = "/run/secrets";

    // Set by systemd for LoadCredential= and SetCredential= (systemd.exec(5)).
    private const string SystemdCredentials = "CREDENTIALS_DIRECTORY";

    /// <summary>
    /// Reads settings from secret files, one a file: <c>/run/secrets/ApiKeys__vscode__Key</c> is <c>ApiKeys:vscode:Key</c>.
    /// They count more than the JSON files and less than the environment and the command line.
    /// </summary>
    public static WebApplicationBuilder AddSecretFiles(this WebApplicationBuilder builder) =>
        builder.AddSecretFiles([ContainerSecrets, Environment.GetEnvironmentVariable(SystemdCredentials)]);

    /// <summary>Reads settings from the files of some directories, the later ones counting more; a missing one is passed over.</summary>
    internal static WebApplicationBuilder AddSecretFiles(this WebApplicationBuilder builder, ReadOnlySpan<string?> directories)
    {
        var sources = builder.Configuration.Sources;
        foreach (var directory in directories)
        {
            if (Path.IsPathFullyQualified(directory ?? "") && Directory.Exists(directory))
            {
                sources.Insert(Position(sources), Source(directory));
            }
        }

        return builder;
    }

    private static KeyPerFileConfigurationSource Source(string directory) => new()
    {
        FileProvider = new PhysicalFileProvider(directory),
        Optional = true,
        ReloadOnChange = false,
    };

    /// <summary>Before the environment variables without a prefix: those with one (<c>ASPNETCORE_</c>) come first of all.</summary>
    private static int Position(IList<IConfigurationSource> sources)
    {
        for (var i = sources.Count - 1; i >= 0; i--)
        {
            if (sources[i] is EnvironmentVariablesConfigurationSource { Prefix: null or "" })
            {
                return i;
            }
        }

        return sources.Count;
    }
}
