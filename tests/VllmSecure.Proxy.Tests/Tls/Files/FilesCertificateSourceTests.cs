using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Tls;
using VllmSecure.Proxy.Tls.Files;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tests.Tls.Files;

public sealed class FilesCertificateSourceTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly FakeTimeProvider _clock = new(TestCertificates.Start);
    private readonly CertificateStore _store = new(Options.Create(new TlsOptions()));
    private readonly FakeLogger<FilesCertificateSource> _log = new();
    private readonly CertificateFilesOptions _options = new();

    [Fact]
    public async Task Load_PemPairAndPfx_ServesBothByName()
    {
        AddPem("a", TestCertificates.Create("a.example"));
        var pfx = _data.Outside("b.pfx");
        await File.WriteAllBytesAsync(pfx, TestCertificates.Create("b.example").Leaf.Export(X509ContentType.Pfx, "secret"));
        _options.Files.Add(new CertificateFile { Certificate = pfx, Password = "secret" });
        await CreateAsync();

        Assert.Equal("a.example", Served("a.example"));
        Assert.Equal("b.example", Served("b.example"));
        Assert.Equal("a.example", Served("other.example"));
    }

    /// <summary>Compose hands an empty line of its <c>.env</c> on as an empty value.</summary>
    [Fact]
    public async Task Load_KeyLeftEmpty_IsLookedForInTheFirstFile()
    {
        var (certificate, file) = (TestCertificates.Create("a.example"), _data.Outside("both.pem"));
        await File.WriteAllTextAsync(file, certificate.Leaf.ExportCertificatePem() + "\n" + KeyOf(certificate));
        _options.Files.Add(new CertificateFile { Certificate = file, Key = "", Password = "" });
        await CreateAsync();

        Assert.Equal("a.example", Served("a.example"));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("mismatch")]
    public async Task Load_Unusable_SaysWhichFile(string how)
    {
        AddPem("a", TestCertificates.Create("a.example"));
        if (how == "missing")
        {
            File.Delete(_data.Outside("a.key"));
        }
        else
        {
            await File.WriteAllTextAsync(_data.Outside("a.key"), KeyOf(TestCertificates.Create("b.example")));
        }

        var exception = await Assert.ThrowsAsync<StartFailedException>(CreateAsync);
        Assert.StartsWith("Tls:Files:0: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_LinkSwappedAsKubernetesDoes_ServesTheNewContent()
    {
        var (first, second) = (_data.Outside("..first"), _data.Outside("..second"));
        Directory.CreateDirectory(first);
        Directory.CreateDirectory(second);
        Write(Path.Combine(first, "tls"), TestCertificates.Create("first.example"));
        Write(Path.Combine(second, "tls"), TestCertificates.Create("second.example"));
        Directory.CreateSymbolicLink(_data.Outside("..data"), first);
        File.CreateSymbolicLink(_data.Outside("tls.pem"), Path.Combine(_data.Outside("..data"), "tls.pem"));
        File.CreateSymbolicLink(_data.Outside("tls.key"), Path.Combine(_data.Outside("..data"), "tls.key"));
        _options.Files.Add(new CertificateFile { Certificate = _data.Outside("tls.pem"), Key = _data.Outside("tls.key") });
        var source = await CreateAsync();
        Assert.Equal("first.example", Served("any"));

        Directory.Delete(_data.Outside("..data"));
        Directory.CreateSymbolicLink(_data.Outside("..data"), second);
        source.Look();
        Assert.Equal("second.example", Served("any"));
    }

    [Fact]
    public async Task Watch_HalfWrittenPair_IsTakenOnceItIsWhole()
    {
        AddPem("a", TestCertificates.Create("old.example"));
        var source = await CreateAsync();
        var next = TestCertificates.Create("new.example");
        await File.WriteAllTextAsync(_data.Outside("a.pem"), next.Leaf.ExportCertificatePem());
        source.Look();
        Assert.Equal("old.example", Served("any"));

        await File.WriteAllTextAsync(_data.Outside("a.key"), KeyOf(next));
        source.Look();
        Assert.Equal("new.example", Served("any"));
        Assert.DoesNotContain(_log.Collector.GetSnapshot(), record => record.Level == LogLevel.Error);
    }

    [Fact]
    public async Task Watch_BrokenPair_IsRefusedOnceWithTheReasonAndTheLastGoodOneStays()
    {
        AddPem("a", TestCertificates.Create("good.example"));
        var source = await CreateAsync();
        await File.WriteAllTextAsync(_data.Outside("a.pem"), "nonsense");
        for (var i = 0; i < 5; i++)
        {
            source.Look();
        }

        Assert.Equal("good.example", Served("any"));
        Assert.Single(_log.Collector.GetSnapshot(), record => record.Level == LogLevel.Error);
        Assert.NotNull(Assert.Single(source.Describe()).LastError);
    }

    [Fact]
    public async Task Watch_FileGone_KeepsTheLastGoodOne()
    {
        AddPem("a", TestCertificates.Create("good.example"));
        var source = await CreateAsync();
        File.Delete(_data.Outside("a.pem"));
        source.Look();
        source.Look();

        Assert.Equal("good.example", Served("any"));
        Assert.Single(_log.Collector.GetSnapshot(), record => record.Level == LogLevel.Error);
    }

    [Fact]
    public async Task Watch_CertificateThatHasEnded_DoesNotReplaceAGoodOne()
    {
        AddPem("a", TestCertificates.Create("good.example"));
        var source = await CreateAsync();
        Write(_data.Outside("a"), TestCertificates.Create(TestCertificates.Start.AddDays(-10), TimeSpan.FromDays(5), "ended.example"));
        source.Look();
        source.Look();

        Assert.Equal("good.example", Served("any"));
    }

    [Fact]
    public async Task Watch_EndsWhileServed_SaysSoOnce()
    {
        AddPem("a", TestCertificates.Create("good.example"));
        var source = await CreateAsync();
        source.Look();
        Assert.DoesNotContain(_log.Collector.GetSnapshot(), record => record.Level == LogLevel.Critical);
        _clock.Advance(TimeSpan.FromDays(91));
        source.Look();
        source.Look();

        Assert.Single(_log.Collector.GetSnapshot(), record => record.Level == LogLevel.Critical);
    }

    [Fact]
    public async Task Watch_SameFaultAgain_IsReportedAgain()
    {
        AddPem("a", TestCertificates.Create("good.example"));
        var source = await CreateAsync();
        var good = await File.ReadAllTextAsync(_data.Outside("a.pem"));
        foreach (var content in (string[])["nonsense", good, "nonsense"])
        {
            await File.WriteAllTextAsync(_data.Outside("a.pem"), content);
            source.Look();
            source.Look();
        }

        Assert.Equal(2, _log.Collector.GetSnapshot().Count(record => record.Level == LogLevel.Error));
    }

    [Fact]
    public async Task Watch_RefusedByAWrongClock_IsTakenOnceTheClockIsRight()
    {
        AddPem("a", TestCertificates.Create("good.example"));
        var source = await CreateAsync();
        _clock.Advance(TimeSpan.FromDays(50));
        Write(_data.Outside("a"), TestCertificates.Create(TestCertificates.Start, TimeSpan.FromDays(40), "new.example"));
        source.Look();
        source.Look();
        Assert.Equal("good.example", Served("any"));

        _clock.AdjustTime(TestCertificates.Start.AddDays(1));
        source.Look();
        Assert.Equal("new.example", Served("any"));
    }

    [Fact]
    public async Task Watch_SameContent_KeepsTheTlsContext()
    {
        AddPem("a", TestCertificates.Create("good.example"));
        var source = await CreateAsync();
        var before = _store.Certificates[0];
        source.Look();

        Assert.Same(before, _store.Certificates[0]);
    }

    public void Dispose() => _data.Dispose();

    private async Task<FilesCertificateSource> CreateAsync()
    {
        var source = new FilesCertificateSource(Options.Create(_options), _store, _clock, _log);
        await source.LoadAsync(default);
        return source;
    }

    private void AddPem(string name, ServerCertificate certificate)
    {
        Write(_data.Outside(name), certificate);
        _options.Files.Add(new CertificateFile { Certificate = _data.Outside(name + ".pem"), Key = _data.Outside(name + ".key") });
    }

    private static void Write(string path, ServerCertificate certificate)
    {
        File.WriteAllText(path + ".pem", certificate.Leaf.ExportCertificatePem());
        File.WriteAllText(path + ".key", KeyOf(certificate));
    }

    private static string KeyOf(ServerCertificate certificate)
    {
        using var key = certificate.Leaf.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private string Served(string name) => _store.Select(name, null)!.Certificate.Names[0];
}
