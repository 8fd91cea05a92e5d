using System.Text;
using VllmSecure.Proxy.ApiSurface;
using VllmSecure.Proxy.RequestPolicy.Advisories;

namespace VllmSecure.Proxy.Tests.RequestPolicy;

public class UpstreamFindingsTests
{
    [Theory]
    [InlineData("""{"version":"0.33.0"}""", "0.33.0")]
    [InlineData("""{"version":"v0.19.1"}""", "0.19.1")]
    [InlineData("""{"version":"0.30.0rc2"}""", "0.30.0")]
    [InlineData("""{"version":"0.27.1.dev3+g1a2b3c"}""", "0.27.1")]
    [InlineData("""{"version":"main"}""", null)]
    [InlineData("""{"version":1}""", null)]
    [InlineData("""{}""", null)]
    [InlineData("""[]""", null)]
    [InlineData("<html>", null)]
    [InlineData("""{"version":"\ud800"}""", null)]
    public void ReadVersion_Answer_IsItsRelease(string answer, string? release) =>
        Assert.Equal(release, UpstreamFindings.ReadVersion(Encoding.UTF8.GetBytes(answer))?.ToString());

    [Fact]
    public void UnknownRoutes_OpenApi_ListsWhatTheTableLacks()
    {
        const string OpenApi = """{"paths":{"/v1/chat/completions":{},"/v1/responses/{response_id}":{},"/metrics/":{},"/new/route":{}}}""";

        Assert.Equal(["/new/route"], UpstreamFindings.UnknownRoutes(Encoding.UTF8.GetBytes(OpenApi), VllmEndpoints.All));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"paths\":[]}")]
    [InlineData("not json")]
    [InlineData("{\"paths\":{\"\\ud800\":{}}}")]
    public void UnknownRoutes_AnythingElse_IsNoFinding(string openApi) =>
        Assert.Empty(UpstreamFindings.UnknownRoutes(Encoding.UTF8.GetBytes(openApi), VllmEndpoints.All));
}
