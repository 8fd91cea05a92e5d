using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Storage;

namespace VllmSecure.Proxy.Tests.Tls;

/// <summary>A data directory that is gone after the test.</summary>
internal sealed class TemporaryData : IDisposable
{
    private readonly DirectoryInfo _root = System.IO.Directory.CreateTempSubdirectory("vllm-secure-");

    public TemporaryData() => Directory = new DataDirectory(Options.Create(new StorageOptions { DataDirectory = Path.Combine(_root.FullName, "data") }));

    public DataDirectory Directory { get; }

    /// <summary>A path beside the data directory.</summary>
    public string Outside(string name) => Path.Combine(_root.FullName, name);

    public void Dispose() => _root.Delete(recursive: true);
}
