using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Storage;
using VllmSecure.Proxy.Tests.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Storage;
using VllmSecure.Proxy.Tls.CommandLine;

namespace VllmSecure.Proxy.Tests.Tls.CommandLine;

public sealed class CertificateRevocationTests : IDisposable
{
    private readonly AcmeFixture _acme = new();
    private readonly FakeTimeProvider _clock = new(TestCertificates.Start);
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    [Theory]
    [InlineData("llm.example", true, "The proxy that serves")]
    [InlineData("llm.example", false, "the next one to start")]
    [InlineData("other.example", true, "is not in Tls:Acme:Domains")]
    public async Task Revoke_Always_LetsThatCertificateAloneBeReplaced(string configured, bool isServed, string said)
    {
        _acme.Options.Domains.Add(configured);
        await _acme.RunUntilAsync(() => _acme.Published == 1);
        using var serving = Lock();
        if (isServed)
        {
            await serving.StartingAsync(default);
        }

        Assert.Equal(0, await RevokeAsync());
        Assert.Contains("revoke", _acme.Authority.Requests);
        Assert.Contains(said, _output.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _errors.ToString());
        var other = new AcmeIdentifier(AcmeIdentifier.Dns, "other.example");
        Assert.Equal([AcmeFixture.Identifier], await RequestedAsync(AcmeFixture.Identifier, other));
    }

    public void Dispose()
    {
        _acme.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    private DataDirectoryLock Lock() => new(_acme.Data.Directory, TimeProvider.System, new FakeLogger<DataDirectoryLock>());

    private RenewalRequests Requests() => new(_acme.Data.Directory, _clock, new FakeLogger<RenewalRequests>());

    private async Task<int> RevokeAsync()
    {
        using var serving = Lock();
        var revocation = new CertificateRevocation(Options.Create(_acme.Options), new AcmeRecords(_acme.Storage), _acme.Http, Requests(), serving, _clock);
        return await revocation.RunAsync("llm.example", _output, _errors, default);
    }

    /// <summary>Which certificates a proxy renews that starts to look for requests now.</summary>
    private async Task<IReadOnlyList<AcmeIdentifier>> RequestedAsync(params AcmeIdentifier[] identifiers)
    {
        ManagedCertificate[] managed = [.. identifiers.Select(identifier => new ManagedCertificate(identifier, TestCertificates.Create(identifier.Value)))];
        using var stop = new CancellationTokenSource();
        var watching = Requests().WatchAsync(managed, stop.Token);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAny(managed.Select(certificate => certificate.Requested)).WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        return [.. managed.Where(certificate => certificate.Requested.IsCompleted).Select(certificate => certificate.Identifier)];
    }
}
