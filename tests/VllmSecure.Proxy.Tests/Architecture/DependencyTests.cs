namespace VllmSecure.Proxy.Tests.Architecture;

/// <summary>Features meet on the exchange and nowhere else, so that each can be read, changed and deleted by itself.</summary>
public sealed class DependencyTests
{
    [Fact]
    public void Exchange_KnowsNothingOfOurs() => AssertNone((from, to) => from == "Exchange" && to is not ("" or "Exchange"));

    [Theory]
    [InlineData("Errors")]
    [InlineData("Telemetry")]
    [InlineData("Storage")]
    [InlineData("Commands")]
    public void Kernel_KnowsNoFeature(string kernel) =>
        AssertNone((from, to) => from == kernel && to != "" && to != kernel && !ProxyAssembly.Kernels.Contains(to, StringComparer.Ordinal));

    [Fact]
    public void Feature_KnowsTheKernelsAndNoOtherFeature() =>
        AssertNone((from, to) =>
            from != "" && to != "" && from != to && !ProxyAssembly.Kernels.Contains(to, StringComparer.Ordinal));

    [Fact]
    public void Yarp_IsKnownToRoutingHealthAndOneMapping() =>
        AssertNoneOf(
            (from, to) => to.StartsWith("Yarp.", StringComparison.Ordinal),
            from => ProxyAssembly.FolderOf(from) is "Routing" or "Health" || from == "VllmSecure.Proxy.Errors.ForwarderErrorMapping");

    [Fact]
    public void OpenTelemetrySdk_IsKnownToTheServiceDefaultsAlone() =>
        AssertNoneOf((from, to) => to.StartsWith("OpenTelemetry.", StringComparison.Ordinal), _ => false);

    [Fact]
    public void Jose_IsKnownToTheAcmeClientAlone() =>
        AssertNoneOf(
            (from, to) => to.Split('.')[^1] is var name && (name.StartsWith("Jws", StringComparison.Ordinal) || name.StartsWith("Jwk", StringComparison.Ordinal)),
            from => from.StartsWith("VllmSecure.Proxy.Tls.Acme.", StringComparison.Ordinal));

    private static void AssertNone(Func<string, string, bool> isForbidden) =>
        AssertNoneOf((from, to) => isForbidden(ProxyAssembly.FolderOf(from), ProxyAssembly.FolderOf(to)), _ => false);

    private static void AssertNoneOf(Func<string, string, bool> isForbidden, Func<string, bool> isAllowed)
    {
        var all = ProxyAssembly.Dependencies().Distinct().ToArray();
        Assert.NotEmpty(all);
        var broken = all.Where(pair => isForbidden(pair.From, pair.To) && !isAllowed(pair.From)).Select(pair => $"{pair.From} → {pair.To}").ToArray();
        Assert.True(broken.Length == 0, string.Join(Environment.NewLine, broken));
    }
}
