using VllmSecure.AppHost.Vllm;

namespace VllmSecure.AppHost.Tests.Vllm;

public sealed class HostProbeTests
{
    /// <summary>Aspire starts containers with the runtime that it was told: one that answers in its place is of no use.</summary>
    [Theory]
    [InlineData(null, "Docker Podman")]
    [InlineData("docker", "Docker")]
    [InlineData("Podman", "Podman")]
    public void Candidates_Configured_AreThoseThatAspireWouldTake(string? configured, string expected) =>
        Assert.Equal(expected, string.Join(' ', HostProbe.Candidates(configured)));
}
