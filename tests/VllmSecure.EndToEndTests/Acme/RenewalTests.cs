using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Tls.Acme.Challenges;

namespace VllmSecure.EndToEndTests.Acme;

/// <summary>What comes after the first certificate: renewal by lifetime, by ARI and on request; other accounts and proofs.</summary>
[SupportedOSPlatform("linux")]
public sealed class RenewalTests : IDisposable
{
    private const string Domain = "llm.example.com";

    // Of fake time, between two looks: the loop rests ten minutes at most.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    // Pebble draws lots where no profile is asked for.
    private static readonly KeyValuePair<string, string>[] DefaultProfile = [new("Tls:Acme:Profile", "default")];

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("vllm-secure-");

    [Fact]
    public async Task Lifetime_StartInItsLastDays_ServesItRenewsItAndStreams()
    {
        await using var pebble = await Pebble.StartAsync();
        X509Certificate2 first;
        await using (var proxy = await AcmeProxy.StartAsync(pebble, _data.FullName, [Domain], DefaultProfile))
        {
            first = await proxy.IssuedAsync();
        }

        var account = Directory.EnumerateFiles(Path.Combine(_data.FullName, "acme", "accounts")).Single();
        var accountKey = await File.ReadAllBytesAsync(account);

        // Beyond the window of ARI, where this Pebble has it, and beyond two thirds of the lifetime.
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(84));
        await using var later = await AcmeProxy.StartAsync(pebble, _data.FullName, [Domain], DefaultProfile, services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        Assert.Contains($"Serving the certificate for {Domain}", later.Log, StringComparison.Ordinal);
        await later.IssuedAsync(first.Thumbprint, onLook: () => clock.Advance(Step));

        using var root = await pebble.IssuingRootAsync();
        Assert.Contains("[DONE]", await later.StreamAsync(Domain, root), StringComparison.Ordinal);
        Assert.Equal(accountKey, await File.ReadAllBytesAsync(account));
        Assert.DoesNotContain("There are now 2 accounts", pebble.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ari_WindowOpens_RenewsLongBeforeTheEnd()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var pebble = await Pebble.StartAsync();
        Assert.SkipUnless(pebble.IsModern, "Pebble 2.10 is missing: ARI came after 2.4.0. Run .ci/fetch-pebble.");
        await using var proxy = await AcmeProxy.StartAsync(pebble, _data.FullName, [Domain], DefaultProfile, services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        var first = await proxy.IssuedAsync(onLook: () => clock.Advance(Step));

        // As after an incident: the window is over already, 89 days before the end.
        await pebble.SetRenewalWindowAsync(first.ExportCertificatePem(), clock.GetUtcNow().AddHours(-2), clock.GetUtcNow().AddHours(-1));
        clock.Advance(TimeSpan.FromDays(1));
        await proxy.IssuedAsync(first.Thumbprint, onLook: () => clock.Advance(Step));

        Assert.Contains("suggests to renew", proxy.Log, StringComparison.Ordinal);
        Assert.True(clock.GetUtcNow().UtcDateTime < first.NotAfter.ToUniversalTime() - TimeSpan.FromDays(80));
    }

    [Fact]
    public async Task Dns01_HookSetsTheRecord_GetsAWildcard()
    {
        Programs.FindInstalled("curl");
        await using var pebble = await Pebble.StartAsync();
        var hook = Path.Combine(_data.FullName, "hook");
        await File.WriteAllTextAsync(hook, $$"""
            #!/bin/sh
            case $1 in
              set) curl -sf -d "{\"host\":\"$2.\",\"value\":\"$3\"}" {{pebble.DnsManagement}}set-txt;;
              *) curl -sf -d "{\"host\":\"$2.\"}" {{pebble.DnsManagement}}clear-txt;;
            esac
            """);
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var proxy = await AcmeProxy.StartAsync(
            pebble, Path.Combine(_data.FullName, "state"), ["*.example.com"], [new("Tls:Acme:Challenges:0", ChallengeTypes.Dns01), new("Tls:Acme:Dns:Hook", hook)]);
        await proxy.IssuedAsync();

        using var root = await pebble.IssuingRootAsync();
        Assert.Contains("[DONE]", await proxy.StreamAsync("any.example.com", root), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExternalAccount_AsTheCaWants_IsBound()
    {
        var secret = System.Buffers.Text.Base64Url.EncodeToString(Encoding.ASCII.GetBytes("thirty-two bytes of a shared key"));
        await using var pebble = await Pebble.StartAsync(externalAccountKey: secret);
        await using var proxy = await AcmeProxy.StartAsync(
            pebble, _data.FullName, [Domain], [new("Tls:Acme:ExternalAccount:KeyId", "kid-1"), new("Tls:Acme:ExternalAccount:Key", secret)]);

        Assert.True((await proxy.IssuedAsync()).MatchesHostname(Domain));
    }

    [Theory]
    [InlineData(null, "127.0.0.1", 6)]
    [InlineData("shortlived", Domain, 6)]
    [InlineData("default", Domain, 90)]
    public async Task Profile_AddressOrSetting_IsShortLived(string? profile, string domain, int days)
    {
        await using var pebble = await Pebble.StartAsync();
        Assert.SkipUnless(pebble.IsModern, "Pebble 2.10 is missing: profiles came after 2.4.0. Run .ci/fetch-pebble.");
        await using var proxy = await AcmeProxy.StartAsync(
            pebble, _data.FullName, [domain], profile is null ? [] : [new("Tls:Acme:Profile", profile)]);

        var certificate = await proxy.IssuedAsync();
        Assert.Equal(days, (certificate.NotAfter - certificate.NotBefore).TotalDays, 1.0);
    }

    [Fact]
    public async Task Restart_WithACertificate_ServesItAndOrdersNone()
    {
        await using var pebble = await Pebble.StartAsync();
        string first;
        await using (var proxy = await AcmeProxy.StartAsync(pebble, _data.FullName, [Domain]))
        {
            first = (await proxy.IssuedAsync()).Thumbprint;
        }

        await using var again = await AcmeProxy.StartAsync(pebble, _data.FullName, [Domain]);
        Assert.Equal(first, again.Served.Thumbprint);
        Assert.DoesNotContain("Ordered", again.Log, StringComparison.Ordinal);
        Assert.All(
            Directory.EnumerateFiles(_data.FullName, "*", SearchOption.AllDirectories),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task Start_CaOutOfReach_ServesAPlaceholderAndIsNotReadyWithTheReason()
    {
        await using var pebble = await Pebble.StartAsync();
        var nobody = FreePorts.Take(1)[0];
        await using var proxy = await AcmeProxy.StartAsync(
            pebble, _data.FullName, [Domain], [new("Tls:Acme:Directories:0", string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{nobody}/dir"))]);
        using var client = new HttpClient();
        string body;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        do
        {
            await timer.WaitForNextTickAsync(deadline.Token);
            using var response = await client.GetAsync(new Uri(proxy.Management, "/health/ready"));
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, response.StatusCode);
            body = await response.Content.ReadAsStringAsync();
        }
        while (!body.Contains("cannot be reached", StringComparison.Ordinal));

        Assert.True(proxy.Served.MatchesHostname(Domain));
        Assert.Equal(proxy.Served.Issuer, proxy.Served.Subject);
        using var live = await client.GetAsync(new Uri(proxy.Management, "/health/live"));
        Assert.True(live.IsSuccessStatusCode);
        using var status = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync(new Uri(proxy.Management, "/status")));
        var certificate = status.RootElement.GetProperty("certificates")[0];
        Assert.True(certificate.GetProperty("placeholder").GetBoolean());
        Assert.Contains("cannot be reached", certificate.GetProperty("lastError").GetString(), StringComparison.Ordinal);
        Assert.Contains("vllm_secure_certificate_failures", await client.GetStringAsync(new Uri(proxy.Management, "/metrics")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_RunningProxy_ListRenewRevokeAndDoctor()
    {
        await using var pebble = await Pebble.StartAsync();
        await using var proxy = await AcmeProxy.StartAsync(
            pebble,
            _data.FullName,
            ["localhost"],
            [new("Tls:Acme:Challenges:0", "http-01"), new("Tls:Acme:StagingDirectory", pebble.Directory.ToString())]);
        var first = await proxy.IssuedAsync();

        var list = await Programs.RunProxyAsync(["certificates", "list", .. proxy.Arguments]);
        Assert.True(list.ExitCode == 0, list.Output);
        Assert.Contains("localhost  |  until", list.Output, StringComparison.Ordinal);

        var renewed = await Programs.RunProxyAsync(["certificates", "renew", .. proxy.Arguments]);
        Assert.True(renewed.ExitCode == 0, renewed.Output);
        using var second = await proxy.HandshakeAsync("localhost");
        Assert.NotEqual(first.Thumbprint, second.Thumbprint);
        Assert.Equal(proxy.Served.Thumbprint, second.Thumbprint);

        var revoked = await Programs.RunProxyAsync(["certificates", "revoke", "localhost", .. proxy.Arguments]);
        Assert.True(revoked.ExitCode == 0, revoked.Output);
        Assert.Contains("Revoked", await pebble.StatusAsync(second), StringComparison.Ordinal);
        await proxy.IssuedAsync(second.Thumbprint);

        // Loopback is no address for a public CA. What listens on ports 80 and 443 is not ours here, and may be another test's.
        var doctor = await Programs.RunProxyAsync(["doctor", .. proxy.Arguments]);
        Assert.Equal(1, doctor.ExitCode);
        Assert.Contains("ok    certificate: localhost", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("ok    clock:", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("ok    dry run: 127.0.0.1 would issue for localhost", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("ok    files: only their owner", doctor.Output, StringComparison.Ordinal);
        Assert.Matches("FAIL  DNS: .* Fix: ", doctor.Output);
        Assert.Contains("  ports: ", doctor.Output, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(doctor.Output);
    }

    [Fact]
    public async Task Start_SecondInstanceOnTheDirectory_IsTurnedAway()
    {
        await using var pebble = await Pebble.StartAsync();
        await using var proxy = await AcmeProxy.StartAsync(pebble, _data.FullName, [Domain]);

        var second = await Programs.RunProxyAsync(["serve", .. proxy.Arguments, "--urls=https://127.0.0.1:0"]);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("is in use by another instance", second.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Delete(recursive: true);
}
