using System.Runtime.Versioning;
using VllmSecure.EndToEndTests.Acme;

namespace VllmSecure.EndToEndTests.Systemd;

/// <summary>The program and the unit of <c>packaging/systemd</c>, as far as they can be held without systemd as process 1.</summary>
[SupportedOSPlatform("linux")]
public sealed class UnitTests
{
    /// <summary>What <c>--threshold</c> takes: tenths of the exposure level, 2.0 here.</summary>
    private const string HighestExposure = "20";

    [Fact]
    public async Task Unit_ByExposureLevel_IsHardened()
    {
        var (exitCode, output) = await Programs.RunAsync(
            Programs.FindInstalled("systemd-analyze"), "security", "--offline=true", $"--threshold={HighestExposure}", "--no-pager",
            Path.Combine(Repository.Root, "packaging", "systemd", "vllm-secure.service"));

        Assert.True(exitCode == 0, output);
        Assert.Contains("Overall exposure level", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_BeforeUpstreamIsThere_TellsReadyThenWhatIsMissing()
    {
        await using var proxy = UnprivilegedProxy.Start(mayBindLowPorts: true);

        await proxy.ExpectReadyAsync();

        var status = await proxy.ReadStatusAsync();
        Assert.Matches(@"Uid:\s+65534\s+65534", status);
        Assert.Matches(@"CapEff:\s+0000000000000400\n", status); // CAP_NET_BIND_SERVICE is bit 10.
        Assert.StartsWith("STATUS=Not ready: upstreams: vllm", await proxy.Notify.ExpectAsync("STATUS="), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_BySigterm_TellsStoppingAndSucceeds()
    {
        await using var proxy = UnprivilegedProxy.Start(mayBindLowPorts: true);
        await proxy.ExpectReadyAsync();

        var exitCode = await proxy.StopAsync();

        await proxy.Notify.ExpectAsync("STOPPING=1");
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Start_WithoutTheCapability_SaysWhichOneIsMissing()
    {
        await using var proxy = UnprivilegedProxy.Start(mayBindLowPorts: false);

        Assert.Equal(1, await proxy.ExitAsync());
        Assert.Contains("CAP_NET_BIND_SERVICE", proxy.Log, StringComparison.Ordinal);
    }
}
