using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using VllmSecure.Simulator;

namespace VllmSecure.EndToEndTests.Attacks.Soak;

/// <summary>
/// A mixed load for some time, with faults and new certificates all along: no error that the fault does not explain, memory and handles
/// flat. For <c>SOAK_MINUTES</c> minutes, otherwise for three quarters of one.
/// </summary>
[Collection(UnderAttack.Name)]
public sealed class SoakTests
{
    private const int Workers = 12;

    /// <summary>What the process may grow by once it is warm: the collector gives memory back in steps of some ten MiB.</summary>
    private const double MaxGrowthMiB = 64;

    /// <summary>Connections come and go; a leak of one for each leaving client would be thousands.</summary>
    private const double MaxMoreHandles = 100;

    private static readonly TimeSpan BetweenFaults = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenCertificates = TimeSpan.FromSeconds(5);

    private static readonly Fault?[] Faults =
    [
        null, Fault.ResetBeforeHeaders, null, Fault.ResetMidStream(3), null, Fault.ErrorInStream(2), null, Fault.Status(500), null, Fault.Status(503),
        null, Fault.MalformedSse, null, Fault.TruncatedBody, null, Fault.ResetBeforeFirstByte, null, Fault.SlowHeaders(TimeSpan.FromMilliseconds(300)), null, Fault.Status(429),
    ];

    private static TimeSpan Duration => TimeSpan.FromMinutes(
        double.TryParse(Environment.GetEnvironmentVariable("SOAK_MINUTES"), NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes) ? minutes : 0.75);

    [Fact]
    public async Task MixedLoad_WithFaultsAndNewCertificates_StaysRightAndFlat()
    {
        await using var steady = await StartUpstreamAsync(AttackedProxy.Model);
        await using var faulty = await StartUpstreamAsync(MixedLoad.FaultyModel);
        using var certificates = new ServedCertificates();
        await using var proxy = await AttackedProxy.StartAsync(
            steady.Address,
            ("Upstreams:faulty:Address", faulty.Address.ToString()), ("Upstreams:faulty:Models:0", MixedLoad.FaultyModel),
            ("Tls:Source", "Files"), ("Tls:Files:0:Certificate", certificates.Pair), ("Tls:Files:0:Key", certificates.Pair));
        proxy.Trust(certificates.AuthorityFile);
        var load = new MixedLoad(proxy);
        var series = new FigureSeries();
        var started = TimeProvider.System.GetTimestamp();
        using var over = new CancellationTokenSource(Duration);

        var swaps = 0;
        await Task.WhenAll(
        [
            .. Enumerable.Range(0, Workers).Select(worker => Task.Run(() => load.RunAsync(worker, over.Token))),
            EachAsync(TimeSpan.FromSeconds(0.5), _ => series.Add(TimeProvider.System.GetElapsedTime(started), proxy.Figures), over.Token),
            EachAsync(BetweenFaults, number => faulty.Faults.Always = Faults[number % Faults.Length], over.Token),
            Task.Run(async () =>
            {
                using var timer = new PeriodicTimer(BetweenCertificates);
                while (await NextAsync(timer, over.Token))
                {
                    await UntilServedAsync(proxy, certificates.Replace());
                    swaps++;
                }
            }),
        ]);

        var report = FormattableString.Invariant($"{Duration.TotalMinutes} min: {load.Outcomes}; {swaps} certificates; {series}");
        Directory.CreateDirectory(Repository.PathOf("artifacts"));
        await File.WriteAllTextAsync(Repository.PathOf("artifacts", "soak.txt"), report + "\n");
        Assert.True(load.Unexplained.IsEmpty, string.Join("\n\n", load.Unexplained.Take(3)));
        Assert.True(swaps > 1, report);
        Assert.InRange(series.Growth(figures => figures.ResidentMiB), double.MinValue, MaxGrowthMiB);
        Assert.InRange(series.Growth(figures => figures.Handles), double.MinValue, MaxMoreHandles);
    }

    private static Task<SimulatedVllm> StartUpstreamAsync(string model) => SimulatedVllm.StartAsync(new SimulatorOptions
    {
        Models = [model],
        TimeToFirstToken = TimeSpan.FromMilliseconds(5),
        InterTokenLatency = TimeSpan.FromMilliseconds(5),
        JournalCapacity = 100,
    });

    private static async Task EachAsync(TimeSpan interval, Action<int> action, CancellationToken over)
    {
        using var timer = new PeriodicTimer(interval);
        for (var number = 0; await NextAsync(timer, over); number++)
        {
            action(number);
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken over)
    {
        try
        {
            return await timer.WaitForNextTickAsync(over);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task UntilServedAsync(AttackedProxy proxy, string thumbprint)
    {
        using var guard = new CancellationTokenSource(AttackedProxy.Guard);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            await using var connection = await proxy.OpenAsync(SslApplicationProtocol.Http11);
            using var served = X509CertificateLoader.LoadCertificate(connection.RemoteCertificate!.GetRawCertData());
            if (served.Thumbprint == thumbprint)
            {
                return;
            }

            await timer.WaitForNextTickAsync(guard.Token);
        }
    }
}
