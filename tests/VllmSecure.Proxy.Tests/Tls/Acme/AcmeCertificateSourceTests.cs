using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Tls;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Storage;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tests.Tls.Acme;

public sealed class AcmeCertificateSourceTests : IDisposable
{
    private static readonly AcmeIdentifier Name = new(AcmeIdentifier.Dns, "llm.example");

    private readonly TemporaryData _data = new();
    private readonly FakeTimeProvider _clock = new(TestCertificates.Start);
    private readonly CertificateStore _store = new(Options.Create(new TlsOptions()));
    private readonly FakeLogger<AcmeCertificateSource> _log = new();
    private readonly AcmeRecords _records;

    public AcmeCertificateSourceTests() => _records = new AcmeRecords(new FileAcmeStorage(_data.Directory));

    [Fact]
    public async Task Load_StoredCertificateAndState_AreTakenUp()
    {
        await SaveAsync();
        await _records.SaveStateAsync(Name, new CertificateState { Failures = 2, NextAttempt = TestCertificates.Start.AddHours(1), LastError = "down" }, default);
        var status = Assert.Single(await LoadAsync());

        Assert.False(status.IsPlaceholder);
        Assert.Equal(TestCertificates.Start.AddDays(90), status.NotAfter);
        Assert.Equal(TestCertificates.Start.AddHours(1), status.NextRenewal);
        Assert.Equal("down", status.LastError);
    }

    /// <summary>As after a first try with a staging CA. A failure since then is on the schedule, which a restart must not cut short.</summary>
    [Theory]
    [InlineData("https://ca.example/directory", 0, 2 * 24)]
    [InlineData("https://staging.example/directory", 0, 0)]
    [InlineData("https://staging.example/directory", 3, 1)]
    public async Task Load_CertificateOfAnotherCa_IsDueAtOnceUnlessThatFailed(string directory, int failures, int dueInHours)
    {
        await SaveAsync();
        var due = TestCertificates.Start.AddDays(2);
        await _records.SaveStateAsync(
            Name,
            new CertificateState { Directory = new Uri(directory), Window = new(due, due), Failures = failures, NextAttempt = TestCertificates.Start.AddHours(1) },
            default);
        var status = Assert.Single(await LoadAsync());

        Assert.Equal(TestCertificates.Start.AddHours(dueInHours), status.NextRenewal);
        Assert.False(status.IsPlaceholder);
    }

    [Fact]
    public async Task Load_EmptyStore_ServesAPlaceholderThatIsDueNow()
    {
        var status = Assert.Single(await LoadAsync());

        Assert.True(status.IsPlaceholder);
        Assert.Equal(_clock.GetUtcNow(), status.NextRenewal);
        Assert.Equal("llm.example", Assert.Single(_store.Certificates).Certificate.Names[0]);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("")]
    public async Task Load_CorruptCertificate_StartsWithAPlaceholderKeepsTheScheduleAndSaysSo(string content)
    {
        await SaveAsync();
        await _records.SaveStateAsync(Name, new CertificateState { Failures = 9, LastAttempt = TestCertificates.Start, NextAttempt = TestCertificates.Start.AddHours(5) }, default);
        await File.WriteAllTextAsync(_data.Directory.PathOf("acme", "certificates", "llm.example.pem"), content);
        var status = Assert.Single(await LoadAsync());

        Assert.True(status.IsPlaceholder);
        Assert.Equal(9, status.Failures);
        Assert.Equal(TestCertificates.Start.AddHours(5), status.NextRenewal);
        Assert.Equal(LogLevel.Error, _log.LatestRecord.Level);
        Assert.Contains("llm.example cannot be used", _log.LatestRecord.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_CorruptState_KeepsTheCertificateAndStartsTheScheduleAfresh()
    {
        await SaveAsync();
        await File.WriteAllTextAsync(_data.Directory.PathOf("acme", "certificates", "llm.example.json"), "{\"failures\":");
        var status = Assert.Single(await LoadAsync());

        Assert.False(status.IsPlaceholder);
        Assert.Equal(0, status.Failures);
    }

    [Fact]
    public async Task Requests_FileOfTheCommand_WakesEveryCertificateAndIsTakenAway()
    {
        var requests = new RenewalRequests(_data.Directory, _clock, new FakeLogger<RenewalRequests>());
        var managed = new ManagedCertificate(Name, PlaceholderCertificate.Create(Name, _clock.GetUtcNow()));
        using var stop = new CancellationTokenSource();
        var watching = requests.WatchAsync([managed], stop.Token);
        requests.Place();
        Assert.True(requests.IsPending());
        Assert.False(managed.Requested.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(2));
        await managed.Requested.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(requests.IsPending());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    [Fact]
    public async Task AccountKey_BrokenFile_IsNotReplacedSilently()
    {
        var directory = new Uri("https://ca.example/directory");
        using (var first = await _records.AccountKeyAsync(directory, default))
        using (var again = await _records.AccountKeyAsync(directory, default))
        {
            Assert.Equal(first.Thumbprint, again.Thumbprint);
        }

        var file = Assert.Single(Directory.GetFiles(_data.Directory.PathOf("acme", "accounts")));
        await File.WriteAllTextAsync(file, "garbage");
        var exception = await Assert.ThrowsAsync<AcmeException>(() => _records.AccountKeyAsync(directory, default));
        Assert.Contains("Delete it", exception.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Dispose();

    private async Task SaveAsync()
    {
        var leaf = TestCertificates.Create("llm.example").Leaf;
        using var key = leaf.GetECDsaPrivateKey()!;
        await _records.SaveCertificateAsync(Name, leaf.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), default);
    }

    private async Task<IReadOnlyList<CertificateStatus>> LoadAsync()
    {
        var options = Options.Create(new AcmeOptions { Domains = { "llm.example" }, Directories = { "https://ca.example/directory" } });
        var requests = new RenewalRequests(_data.Directory, _clock, new FakeLogger<RenewalRequests>());
        var source = new AcmeCertificateSource(options, new HostingEnvironment(), _records, _store, keeper: null!, requests, _clock, _log);
        await source.LoadAsync(default);
        return source.Describe();
    }
}
