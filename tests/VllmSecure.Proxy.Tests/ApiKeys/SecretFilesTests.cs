using Microsoft.AspNetCore.Builder;
using VllmSecure.Proxy.ApiKeys;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.Tests.ApiKeys;

public sealed class SecretFilesTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vllm-secure-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void AddSecretFiles_FileNamedByKey_IsASettingWithoutItsLineEnd()
    {
        File.WriteAllText(Path.Combine(_directory.FullName, "ApiKeys__vscode__Key"), "secret\n");
        var builder = WebApplication.CreateBuilder();
        builder.AddSecretFiles([_directory.FullName]);
        Assert.Equal("secret", builder.Configuration["ApiKeys:vscode:Key"]);
    }

    [Fact]
    public void AddSecretFiles_SameSettingOnTheCommandLine_CountsLess()
    {
        File.WriteAllText(Path.Combine(_directory.FullName, "DataDirectory"), "/from/file");
        File.WriteAllText(Path.Combine(_directory.FullName, "Logging__LogLevel__Default"), "Trace");
        var builder = WebApplication.CreateBuilder(["--DataDirectory=/from/arguments"]);
        builder.AddSecretFiles([_directory.FullName]);
        Assert.Equal("/from/arguments", builder.Configuration["DataDirectory"]);
        Assert.Equal("Trace", builder.Configuration["Logging:LogLevel:Default"]);
    }

    [Fact]
    public void AddSecretFiles_FileThatCannotBeRead_IsSaidWithItsName()
    {
        // A link to nowhere: to root, as which tests may run, no file's mode is a bar.
        File.CreateSymbolicLink(Path.Combine(_directory.FullName, "ApiKeys__vscode__Key"), "/nonexistent/secret");
        var builder = WebApplication.CreateBuilder();

        var failure = Assert.Throws<StartFailedException>(() => builder.AddSecretFiles([_directory.FullName]));

        Assert.Contains("ApiKeys__vscode__Key", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddSecretFiles_NoSuchDirectory_ChangesNothing()
    {
        var builder = WebApplication.CreateBuilder();
        var before = builder.Configuration.Sources.Count;
        builder.AddSecretFiles([Path.Combine(_directory.FullName, "none"), null, "relative"]);
        Assert.Equal(before, builder.Configuration.Sources.Count);
    }
}
