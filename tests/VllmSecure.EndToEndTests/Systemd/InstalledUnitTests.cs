using System.Runtime.Versioning;

namespace VllmSecure.EndToEndTests.Systemd;

/// <summary>The unit under a real systemd: its sandbox is nothing that a text can be held against.</summary>
[SupportedOSPlatform("linux")]
public sealed class InstalledUnitTests
{
    [Fact]
    public async Task Unit_FromStartToStop_ServesInItsSandbox()
    {
        await using var server = await SystemdContainer.StartAsync();

        // Returns when READY=1 has come; neither a certificate nor a vLLM is to be had here.
        await server.RunAsync("systemctl", "start", "vllm-secure");

        Assert.Equal("active", await server.RunAsync("systemctl", "is-active", "vllm-secure"));
        Assert.Equal("401", await StatusAsync(server, "wrong-key"));
        Assert.Equal("503", await StatusAsync(server, await server.RunAsync("cat", "/etc/vllm-secure/api-key")));
        var process = await server.RunAsync("sh", "-c", "cat /proc/$(systemctl show -P MainPID vllm-secure)/status");
        Assert.DoesNotMatch(@"Uid:\s+0", process);
        Assert.Matches(@"CapBnd:\s+0000000000000400", process); // CAP_NET_BIND_SERVICE is bit 10.
        Assert.StartsWith("Not ready: ", await server.RunAsync("timeout", "30", "sh", "-c", "until systemctl show -P StatusText vllm-secure | grep .; do sleep 0.2; done"), StringComparison.Ordinal);
        Assert.Contains("acme", await server.RunAsync("ls", "-A", "/var/lib/private/vllm-secure"), StringComparison.Ordinal);

        await server.RunAsync("systemctl", "stop", "vllm-secure");
        Assert.Equal("success", await server.RunAsync("systemctl", "show", "-P", "Result", "vllm-secure"));
    }

    [Fact]
    public async Task Unit_WithAWrongSetting_DoesNotStart()
    {
        await using var server = await SystemdContainer.StartAsync();
        await server.RunAsync("sh", "-c", "echo Shutdown__DrainSeconds=-1 >> /etc/vllm-secure/vllm-secure.env");

        var (exitCode, _) = await server.TryAsync("systemctl", "start", "vllm-secure");

        Assert.NotEqual(0, exitCode);
    }

    private static Task<string> StatusAsync(SystemdContainer server, string key) => server.RunAsync(
        "curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", "-H", $"Authorization: Bearer {key}", "--json",
        """{"model":"m","messages":[{"role":"user","content":"Hello"}]}""", "https://localhost/v1/chat/completions");
}
