using Microsoft.Extensions.Diagnostics.HealthChecks;
using VllmSecure.Proxy.Health;

namespace VllmSecure.Proxy.Tests.Health;

public sealed class SystemdStatusTests
{
    [Fact]
    public void Describe_WhenAllIsWell_SaysServing() =>
        Assert.Equal("Serving", SystemdStatus.Describe(Report(HealthStatus.Healthy, "one of two upstreams is down")));

    [Fact]
    public void Describe_WhenACheckFails_NamesItWithItsReason() =>
        Assert.Equal("Not ready: upstreams: vllm: refused", SystemdStatus.Describe(Report(HealthStatus.Unhealthy, "vllm: refused")));

    [Fact]
    public void Describe_WithLinesInAReason_StaysOneShortLine()
    {
        // Behind a line break the manager would read MAINPID= as an order.
        var status = SystemdStatus.Describe(Report(HealthStatus.Unhealthy, "refused\nMAINPID=1\r\n" + new string('x', 1000)));

        Assert.DoesNotContain('\n', status);
        Assert.DoesNotContain('\r', status);
        Assert.InRange(status.Length, 1, 250);
    }

    private static HealthReport Report(HealthStatus status, string description) => new(
        new Dictionary<string, HealthReportEntry>(StringComparer.Ordinal)
        {
            ["upstreams"] = new(status, description, TimeSpan.Zero, exception: null, data: null),
        },
        TimeSpan.Zero);
}
