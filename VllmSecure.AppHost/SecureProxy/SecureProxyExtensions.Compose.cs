using Aspire.Hosting.Docker.Resources.ServiceNodes;
using VllmSecure.AppHost.Compose;
using VllmSecure.AppHost.Vllm;

namespace VllmSecure.AppHost.SecureProxy;

internal static partial class SecureProxyExtensions
{
    private const string StateVolume = "proxy-state";

    // The whole home, not the folder in it: a fresh volume takes its owner from the image, and only the home is in every image.
    private const string Home = "/home/app";

    // The user that .NET's images bring (APP_UID).
    private const string User = "1654:1654";

    private static IResourceBuilder<ProjectResource> Publish(this IResourceBuilder<ProjectResource> proxy, StackTimings timings) => proxy
        .WithAnnotation(new SecureProxyAnnotation(null))
        .WithHttpsEndpoint(port: 443, targetPort: HttpsPort, name: Https)
        .WithHttpEndpoint(port: 80, targetPort: HttpPort, name: Http)
        .WithEndpoint(Https, endpoint => endpoint.IsExternal = true)
        .WithEndpoint(Http, endpoint => endpoint.IsExternal = true)

        // It is the edge: nobody in front of it may say who the client is.
        .DisableForwardedHeaders()
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Production")
        .WithEnvironment("PublicHttpsPort", "443")
        .WithEnvironment("DataDirectory", $"{Home}/vllm-secure")
        .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", PublishedDashboard.OtlpAddress)
        .WithEnvironment("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
        .WithEnvironment("OTEL_SERVICE_NAME", proxy.Resource.Name)
        .PublishAsDockerComposeService((_, service) =>
        {
            service.User = User;
            service.ReadOnly = true;
            service.Tmpfs = ["/tmp:mode=1777,size=64m"];
            service.CapDrop.Add("ALL");
            service.Harden();
            service.Networks = [ComposeNetworks.Edge, ComposeNetworks.Inference];
            service.AddVolume(new Volume { Name = StateVolume, Type = "volume", Source = StateVolume, Target = Home });
            service.UseSecret("api-key", "ApiKeys__default__Key");
            service.UseSecret("otlp-headers", "OTEL_EXPORTER_OTLP_HEADERS");

            // It waits for nobody: it fetches its certificate and answers 503 while the weights load.
            service.Restart = "unless-stopped";
            service.StopGracePeriod = $"{Seconds(timings.ProxyStopGrace)}s";
            service.Healthcheck = new Healthcheck
            {
                Test = ["CMD", "dotnet", "/app/VllmSecure.Proxy.dll", "healthcheck"],
                Interval = "30s",
                Timeout = "10s",
                Retries = 3,
                StartPeriod = "30s",
            };
        });

    private static IResourceBuilder<ProjectResource> PublishUpstream(this IResourceBuilder<ProjectResource> proxy, IResourceBuilder<VllmResource> vllm)
    {
        foreach (var replica in vllm.AndFurtherReplicas().Select(builder => builder.Resource))
        {
            proxy.PublishAsDockerComposeService((_, service) => service.UseSecret("vllm-api-key", $"Upstreams__{replica.Name}__ApiKey"));
            if (replica.ExternalAddress is null)
            {
                // Plain http is fine where nobody else is: the network has these two and no way out.
                proxy.WithEnvironment($"Upstreams__{replica.Name}__AllowPlainHttp", "true");
            }
        }

        return proxy;
    }
}
