using Microsoft.Extensions.Configuration;
using VllmSecure.AppHost.SecureProxy;

namespace VllmSecure.AppHost.Tests.SecureProxy;

public sealed class SecureProxyModelTests
{
    [Fact]
    public async Task Run_Endpoints_OnlyHttpsAndItsRedirectAreOutside()
    {
        await using var model = await AppModel.RunAsync("--Vllm:Mode=Simulator");

        var outside = model.Resources
            .SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.IsExternal).Select(endpoint => (resource.Name, endpoint.Name)));
        Assert.Equal([("proxy", "https"), ("proxy", "http")], outside);
    }

    [Fact]
    public async Task Run_Environment_NamesKeyUpstreamAndTrust()
    {
        await using var model = await AppModel.RunAsync("--Vllm:Mode=Simulator");

        var environment = await model.EnvironmentOfAsync("proxy");
        Assert.Equal("{vllm.bindings.http.url}", environment["Upstreams__vllm__Address"]);
        Assert.Equal("{vllm-api-key.value}", environment["Upstreams__vllm__ApiKey"]);
        Assert.Equal("{api-key.value}", environment["ApiKeys__apphost__Key"]);
        Assert.Equal("{proxy.bindings.https.port}", environment["PublicHttpsPort"]);
        Assert.Equal("true", environment["Telemetry__TrustClientTraceContext"]);
        Assert.Equal("false", environment["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"]);
    }

    /// <summary>It starts at once, and answers 503 until the model is listed.</summary>
    [Fact]
    public async Task Run_Proxy_WaitsForNobody()
    {
        await using var model = await AppModel.RunAsync("--Vllm:Mode=Simulator");

        Assert.Empty(model["proxy"].Annotations.OfType<WaitAnnotation>());
    }

    [Fact]
    public async Task Publish_Environment_HasNoSecretAndNoForwardedHeaders()
    {
        await using var model = await AppModel.PublishAsync();

        var environment = await model.EnvironmentOfAsync("proxy");
        Assert.DoesNotContain(environment, variable => variable.Key.EndsWith("Key", StringComparison.Ordinal));
        Assert.DoesNotContain("ASPNETCORE_FORWARDEDHEADERS_ENABLED", environment.Keys);
        Assert.DoesNotContain("Telemetry__TrustClientTraceContext", environment.Keys);
        Assert.Equal("443", environment["PublicHttpsPort"]);
    }

    [Theory]
    [InlineData("Files")]
    [InlineData("files")]
    public async Task Publish_CertificateFiles_AreReadFromTheirFolder(string source)
    {
        await using var model = await AppModel.PublishAsync($"--Tls:Source={source}");

        var environment = await model.EnvironmentOfAsync("proxy");
        Assert.Equal("Files", environment["Tls__Source"]);
        Assert.Equal("/certificates/fullchain.pem", environment["Tls__Files__0__Certificate"]);
        Assert.Equal("/certificates/privkey.pem", environment["Tls__Files__0__Key"]);
    }

    [Fact]
    public void CertificateSource_Unknown_SaysWhatIsRight()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Tls:Source", "File")]).Build();

        Assert.Equal("Tls:Source is 'File': use Acme, Files.", Assert.Throws<InvalidOperationException>(() => CertificateSources.From(configuration)).Message);
    }
}
