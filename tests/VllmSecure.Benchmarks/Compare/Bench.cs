using System.Globalization;
using VllmSecure.Benchmarks.Compare.Load;
using VllmSecure.Benchmarks.Compare.Targets;

namespace VllmSecure.Benchmarks.Compare;

/// <summary>The upstream, and everything that is put before it.</summary>
internal sealed class Bench : IDisposable
{
    private readonly ChildProcess _upstream;

    private Bench(ChildProcess upstream, IReadOnlyList<Target> targets, IReadOnlyList<string> missing) => (_upstream, Targets, Missing) = (upstream, targets, missing);

    /// <summary>In the order of the table. All but the direct one have yet to be started.</summary>
    public IReadOnlyList<Target> Targets { get; }

    /// <summary>What is not installed here.</summary>
    public IReadOnlyList<string> Missing { get; }

    public static async Task<Bench> StartAsync(string folder, string proxy, IReadOnlyList<string> only)
    {
        var certificate = BenchmarkCertificate.Create(folder);
        int[] ports = [Ports.Free(), Ports.Free(), Ports.Free()];
        var upstream = ChildProcess.Start(
            Pinning.OnLoadCore([
                Executables.Self, ServerModes.Upstream, .. ports.Select(port => port.ToString(CultureInfo.InvariantCulture)), certificate.CertificateFile, certificate.KeyFile,
            ]),
            Path.Combine(folder, "upstream.log"));
        foreach (var port in ports)
        {
            while (!await Ports.IsOpenAsync(port) && !upstream.HasExited)
            {
                await Clock.DelayAsync(TimeSpan.FromMilliseconds(10));
            }
        }

        ITargetSetup[] setups = [new CaddySetup(), new NginxSetup(), new HaproxySetup(), new BareYarpSetup(), new ProxySetup(proxy, traces: true), new ProxySetup(proxy, traces: false)];
        var wanted = Array.FindAll(setups, setup => only.Count == 0 || only.Contains(setup.Id, StringComparer.Ordinal));
        var targets = wanted.Where(setup => setup.Title is not null).Select(setup => new Target(setup, new TargetPlace(
            Directory.CreateDirectory(Path.Combine(folder, setup.Id)).FullName, Ports.Free(), ports[0], ports[2], certificate)));
        return new Bench(
            upstream,
            [new Target(ports[1], upstream.Id), .. targets],
            [.. wanted.Where(setup => setup.Title is null).Select(setup => setup.Id)]);
    }

    public void Dispose()
    {
        foreach (var target in Targets)
        {
            target.Dispose();
        }

        _upstream.Dispose();
    }
}
