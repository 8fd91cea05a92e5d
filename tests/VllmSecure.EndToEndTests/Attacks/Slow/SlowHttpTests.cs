using System.Globalization;
using VllmSecure.EndToEndTests.Acme;
using VllmSecure.EndToEndTests.Attacks.Http1;

namespace VllmSecure.EndToEndTests.Attacks.Slow;

/// <summary>slowhttptest's three ways to hold a server by sending or reading next to nothing.</summary>
[Collection(UnderAttack.Name)]
public sealed class SlowHttpTests(SimulatorTarget target)
{
    private static readonly string[] Common = ["-c", "500", "-r", "500", "-i", "1", "-l", "10", "-p", "3"];

    [Fact]
    public Task Headers_DripFed_GoodClientIsServed() => RunAsync("-H", "-t", "GET", "-x", "24");

    [Fact]
    public Task Body_DripFed_GoodClientIsServed() =>
        // The tool knows no API keys; its content type ends where another header begins.
        RunAsync("-B", "-t", "POST", "-s", "100000", "-x", "10", "-f", $"application/json\r\nAuthorization: Bearer {AttackedProxy.Key}");

    [Fact]
    public Task Answer_HardlyRead_GoodClientIsServed() => RunAsync("-X", "-w", "1", "-y", "1", "-n", "5", "-z", "1", "-k", "3");

    private Task RunAsync(params string[] attack) => target.WithstandsAsync(async () =>
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{target.Proxy.Https.Port}{Requests.Target}");
        var (exitCode, output) = await Programs.RunAsync(Programs.FindInstalled("slowhttptest"), [.. attack, .. Common, "-u", url]);
        Assert.True(exitCode == 0, output);
        Assert.Matches(@"connected:\s+\S*[1-9]|closed:\s+\S*[1-9]", output);
    });
}
