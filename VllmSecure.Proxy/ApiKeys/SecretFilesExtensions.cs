using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.FileProviders;
using VllmSecure.Proxy.Commands;

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
                Insert(sources, directory);
            }
        }

        return builder;
    }

    /// <summary>The files are read at once. A secret keeps the owner and mode of the host's file, so the usual failure is one of rights.</summary>
    private static void Insert(IList<IConfigurationSource> sources, string directory)
    {
        try
        {
            sources.Insert(Position(sources), Source(directory));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartFailedException(
                $"{directory}: a secret file cannot be read: {exception.Message} Let the proxy's user read each file there, or take it out.", exception);
        }
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
