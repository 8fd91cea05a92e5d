using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Storage;
using VllmSecure.Proxy.Tls;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Challenges;
using VllmSecure.Proxy.Tls.Acme.Storage;
using VllmSecure.Proxy.Tls.Doctor;

namespace VllmSecure.Proxy.Tests.Tls.Doctor;

public sealed class StagingCheckTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly AcmeOptions _acme = new() { Domains = { "llm.example" } };

    [Fact]
    public async Task Run_TlsAlpnAlone_IsSkippedAsNobodyElseCanAnswer()
    {
        using var serving = Lock();
        await serving.StartingAsync(default);
        _acme.Challenges.Add(ChallengeTypes.TlsAlpn01);
        var finding = await RunAsync();

        Assert.Equal(DoctorVerdict.Skipped, finding.Verdict);
        Assert.Contains("tls-alpn-01", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DefaultChallengesAndNoProxy_IsSkippedUntilItRuns()
    {
        var finding = await RunAsync();

        Assert.Equal(DoctorVerdict.Skipped, finding.Verdict);
        Assert.Contains("the proxy does not run", finding.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Dispose();

    private DataDirectoryLock Lock() => new(_data.Directory, TimeProvider.System, new FakeLogger<DataDirectoryLock>());

    private async Task<DoctorFinding> RunAsync()
    {
        var options = Options.Create(_acme);
        IChallengeSolver[] solvers =
        [
            new Http01Solver(new FileAcmeStorage(_data.Directory)),
            new TlsAlpn01Solver(TimeProvider.System),
            new Dns01Solver(options, TimeProvider.System, new FakeLogger<Dns01Solver>()),
        ];
        var scope = new AcmeScope(Options.Create(new TlsOptions { Source = TlsSources.Acme }), options, solvers, new HostingEnvironment { EnvironmentName = "Production" });
        using var probe = Lock();
        return Assert.Single(await new StagingCheck(scope, issuer: null!, probe).RunAsync(default).ToArrayAsync());
    }
}
