using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Tls;
using VllmSecure.Proxy.Tls.Development;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tests.Tls.Development;

public sealed class DevelopmentCertificateSourceTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly FakeTimeProvider _clock = new(TestCertificates.Start);
    private readonly CertificateStore _store = new(Options.Create(new TlsOptions()));
    private readonly DevelopmentCertificateAuthority _authority;

    public DevelopmentCertificateSourceTests() =>
        _authority = new DevelopmentCertificateAuthority(_data.Directory, _clock, NullLogger<DevelopmentCertificateAuthority>.Instance);

    [Fact]
    public async Task Load_FirstStart_ServesAChainThatVerifiesForThisMachine()
    {
        await LoadAsync();

        var served = Served;
        Assert.Superset(new HashSet<string>(StringComparer.Ordinal) { "localhost", "127.0.0.1", "::1" }, served.Names.ToHashSet(StringComparer.Ordinal));
        Assert.True(served.NotAfter - served.NotBefore <= TimeSpan.FromDays(397));
        using var root = X509CertificateLoader.LoadCertificateFromFile(_authority.Path);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _clock.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        Assert.True(chain.Build(served.Leaf), string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation)));
    }

    [Fact]
    public async Task Load_FirstStart_KeepsFilesForTheOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Unix file modes are missing: Windows has access lists.");
            return;
        }

        await LoadAsync();

        foreach (var file in new[] { "ca.pem", "ca.key", "localhost.pem", "localhost.key" })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_data.Directory.PathOf("development", file)));
        }

        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(_data.Directory.Root));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(_data.Directory.PathOf("development")));
    }

    [Fact]
    public async Task Load_SecondStart_ServesTheSame()
    {
        await LoadAsync();
        var first = Served.Leaf.Thumbprint;
        await LoadAsync();

        Assert.Equal(first, Served.Leaf.Thumbprint);
    }

    [Fact]
    public async Task Load_CertificateAboutToEnd_IssuesAnotherFromTheSameAuthority()
    {
        await LoadAsync();
        var (leaf, authority) = (Served.Leaf.Thumbprint, await File.ReadAllTextAsync(_authority.Path));
        _clock.Advance(TimeSpan.FromDays(336));
        await LoadAsync();

        Assert.NotEqual(leaf, Served.Leaf.Thumbprint);
        Assert.Equal(authority, await File.ReadAllTextAsync(_authority.Path));
    }

    [Fact]
    public async Task Load_AuthorityAboutToEnd_ReplacesBoth()
    {
        await LoadAsync();
        var authority = await File.ReadAllTextAsync(_authority.Path);
        _clock.Advance(TimeSpan.FromDays(3621));
        await LoadAsync();

        Assert.NotEqual(authority, await File.ReadAllTextAsync(_authority.Path));
        Assert.True(Served.NotAfter > _clock.GetUtcNow() + TimeSpan.FromDays(364));
    }

    [Fact]
    public async Task Load_LastYearOfTheAuthority_CertificateEndsWithIt()
    {
        await LoadAsync();
        _clock.Advance(TimeSpan.FromDays(3600));
        await LoadAsync();

        using var root = X509CertificateLoader.LoadCertificateFromFile(_authority.Path);
        Assert.Equal(root.NotAfter, Served.Leaf.NotAfter);
    }

    [Theory]
    [InlineData("localhost.pem")]
    [InlineData("localhost.key")]
    [InlineData("ca.pem")]
    [InlineData("ca.key")]
    public async Task Load_BrokenFile_IsReplaced(string file)
    {
        await LoadAsync();
        await File.WriteAllTextAsync(_data.Directory.PathOf("development", file), "-----BEGIN nonsense");
        await LoadAsync();

        Assert.NotNull(_authority.TryLoad());
        Assert.NotEmpty(CertificateFileReader.Read(
            _data.Directory.PathOf("development", "localhost.pem"), _data.Directory.PathOf("development", "localhost.key"), null).Names);
    }

    [Fact]
    public async Task Load_DirectoryCannotBeMade_SaysWhatToDo()
    {
        await File.WriteAllTextAsync(_data.Directory.Root, "a file in the way");

        var exception = await Assert.ThrowsAsync<StartFailedException>(LoadAsync);
        Assert.Contains("DataDirectory", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WORKSTATION", "workstation")]
    [InlineData("under_score", null)]
    [InlineData("localhost", null)]
    public void Hosts_MachineName_OnlyWhereACertificateCanCarryIt(string machine, string? added) =>
        Assert.Equal(added is null ? ["localhost", "127.0.0.1", "::1"] : ["localhost", "127.0.0.1", "::1", added], DevelopmentHosts.Of(machine));

    public void Dispose() => _data.Dispose();

    private ServerCertificate Served => Assert.Single(_store.Certificates).Certificate;

    private Task LoadAsync() => new DevelopmentCertificateSource(
        _authority, _data.Directory, _store, _clock, NullLogger<DevelopmentCertificateSource>.Instance).LoadAsync(default);
}
