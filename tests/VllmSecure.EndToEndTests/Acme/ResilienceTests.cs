using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Challenges;

namespace VllmSecure.EndToEndTests.Acme;

/// <summary>What goes wrong on the way to a certificate, with a real CA: it gets there all the same, and asks no more than it must.</summary>
[SupportedOSPlatform("linux")]
public sealed class ResilienceTests : IDisposable
{
    private const string Domain = "llm.example.com";

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("vllm-secure-");
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Directories_FirstOutOfReach_TakesTheSecond()
    {
        await using var pebble = await Pebble.StartAsync();
        var nobody = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{FreePorts.Take(1)[0]}/dir");
        await using var proxy = await AcmeProxy.StartAsync(
            pebble, _data.FullName, [Domain], [new("Tls:Acme:Directories:0", nobody), new("Tls:Acme:Directories:1", pebble.Directory.ToString())]);

        Assert.True((await proxy.IssuedAsync()).MatchesHostname(Domain));
    }

    [Fact]
    public async Task Domains_Several_OneCertificateEach()
    {
        await using var pebble = await Pebble.StartAsync();
        await using var proxy = await AcmeProxy.StartAsync(pebble, _data.FullName, [Domain, "other.example.com"]);
        await proxy.LoggedAsync($"Serving a new certificate for {Domain}");
        await proxy.LoggedAsync("Serving a new certificate for other.example.com");

        using var one = await proxy.HandshakeAsync(Domain);
        using var other = await proxy.HandshakeAsync("other.example.com");
        Assert.True(one.MatchesHostname(Domain));
        Assert.False(one.MatchesHostname("other.example.com"));
        Assert.True(other.MatchesHostname("other.example.com"));
        Assert.False(other.MatchesHostname(Domain));
    }

    [Fact]
    public async Task Authorization_StillValid_IsNotProvedAgain()
    {
        await using var pebble = await Pebble.StartAsync(reusesAuthorizations: true);
        await using var proxy = await AcmeProxy.StartAsync(pebble, _data.FullName, [Domain]);
        var first = await proxy.IssuedAsync();

        proxy.Services.GetRequiredService<RenewalRequests>().Place();
        await proxy.IssuedAsync(first.Thumbprint);

        Assert.Single(proxy.Log.Split('\n'), line => line.Contains("has validated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Challenge_FailsAtFirst_RehearsesAtStagingBeforeTheCaIsAskedAgain()
    {
        await using var pebble = await Pebble.StartAsync();
        await using var staging = await Pebble.StartAsync(validatesAs: pebble);

        // One root for both, as DirectoryRoot is one file.
        var roots = Path.Combine(_data.FullName, "roots.pem");
        await File.WriteAllTextAsync(roots, await File.ReadAllTextAsync(pebble.RootFile) + "\n" + await File.ReadAllTextAsync(staging.RootFile));
        await pebble.SetAddressAsync("127.0.0.2");
        await staging.SetAddressAsync("127.0.0.2");
        await using var proxy = await StartWithClockAsync(
            pebble, Path.Combine(_data.FullName, "state"), [new("Tls:Acme:StagingDirectory", staging.Directory.ToString()), new("Tls:Acme:DirectoryRoot", roots)]);

        // The CA refuses once; from then on staging stands in the way, which is what costs nothing.
        await proxy.LoggedAsync("after 1 attempts", Tick);
        await proxy.LoggedAsync("after 3 attempts", Tick);
        var asked = OrdersOf(pebble);
        Assert.True(OrdersOf(staging) > 0, staging.Log);
        await proxy.LoggedAsync("after 4 attempts", Tick);
        Assert.Equal(asked, OrdersOf(pebble));

        await pebble.SetAddressAsync("127.0.0.1");
        await staging.SetAddressAsync("127.0.0.1");
        Assert.True((await proxy.IssuedAsync(onLook: Tick)).MatchesHostname(Domain));
    }

    [Fact]
    public async Task Restart_InTheMiddleOfAnOrder_GetsThere()
    {
        Programs.FindInstalled("curl");
        await using var pebble = await Pebble.StartAsync();
        var reached = Path.Combine(_data.FullName, "reached");
        var hook = Path.Combine(_data.FullName, "hook");
        await File.WriteAllTextAsync(hook, $$"""
            #!/bin/sh
            if [ $1 = set ] && [ ! -e {{reached}} ]; then touch {{reached}}; exec sleep 600; fi
            if [ $1 = set ]; then curl -sf -d "{\"host\":\"$2.\",\"value\":\"$3\"}" {{pebble.DnsManagement}}set-txt; fi
            """);
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        KeyValuePair<string, string>[] settings = [new("Tls:Acme:Challenges:0", ChallengeTypes.Dns01), new("Tls:Acme:Dns:Hook", hook)];
        await using (var proxy = await AcmeProxy.StartAsync(pebble, Path.Combine(_data.FullName, "state"), [Domain], settings))
        {
            await proxy.LoggedAsync("Ordered");
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!File.Exists(reached))
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
        }

        // It counts as a failed attempt, so that a crash loop cannot hammer the CA: the next one waits its minute.
        await using var again = await StartWithClockAsync(pebble, Path.Combine(_data.FullName, "state"), settings);
        Assert.Equal(again.Served.Issuer, again.Served.Subject);
        Assert.True((await again.IssuedAsync(onLook: Tick)).MatchesHostname(Domain));
    }

    public void Dispose() => _data.Delete(recursive: true);

    private static int OrdersOf(Pebble pebble) => pebble.Log.Split('\n').Count(line => line.Contains("/order-plz", StringComparison.Ordinal) && line.Contains("POST", StringComparison.Ordinal));

    private void Tick() => _clock.Advance(Step);

    private Task<AcmeProxy> StartWithClockAsync(Pebble pebble, string data, KeyValuePair<string, string>[] settings) =>
        AcmeProxy.StartAsync(pebble, data, [Domain], settings, services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));
}
