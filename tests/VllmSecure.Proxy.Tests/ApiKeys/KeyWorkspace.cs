using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.ApiKeys;
using VllmSecure.Proxy.Storage;

namespace VllmSecure.Proxy.Tests.ApiKeys;

/// <summary>Everything that keeps and loads keys, over a data directory of its own and a fake clock.</summary>
internal sealed class KeyWorkspace : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vllm-secure-");
    private readonly StringWriter _shown = new();

    public KeyWorkspace(string environment, params (string Key, string Value)[] settings)
    {
        Configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        var setup = new ApiKeysOptionsSetup(Configuration);
        File = NewFile();
        Store = new ApiKeyStore(setup, File);
        Environment = new HostingEnvironment { EnvironmentName = environment };
        Administration = new ApiKeyAdministration(setup, File, Clock);
        Reload = new ApiKeysReload(Store, File, new DevelopmentKey(Store, Environment, _shown), Configuration, Clock, Logger);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public IConfigurationRoot Configuration { get; }

    public IHostEnvironment Environment { get; }

    public ApiKeyFile File { get; }

    public ApiKeyStore Store { get; }

    public ApiKeyAdministration Administration { get; }

    public ApiKeysReload Reload { get; }

    public FakeLogger<ApiKeysReload> Logger { get; } = new();

    /// <summary>What went to standard output.</summary>
    public string Shown => _shown.ToString();

    /// <summary>Another process's view of the same file.</summary>
    public ApiKeyFile NewFile() =>
        new(new DataDirectory(Options.Create(new StorageOptions { DataDirectory = _directory.FullName })), TimeProvider.System);

    public ApiKeyVerdict Judge(string secret) => Store.Current.Judge(secret, Clock.GetUtcNow(), out _);

    public void Dispose()
    {
        Reload.Dispose();
        _shown.Dispose();
        _directory.Delete(recursive: true);
    }
}
