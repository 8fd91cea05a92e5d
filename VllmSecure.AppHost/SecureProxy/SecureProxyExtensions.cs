using System.Globalization;
using VllmSecure.AppHost.Vllm;

namespace VllmSecure.AppHost.SecureProxy;

/// <summary>Adds the proxy. It is told everything by configuration, under the names that it documents; no code is shared.</summary>
internal static partial class SecureProxyExtensions
{
    private const string Https = "https";
    private const string Http = "http";
    private const string Management = "management";

    // What the proxy listens on inside its image: below 1024 a process needs a privilege.
    private const int HttpsPort = 8443;
    private const int HttpPort = 8080;

    /// <summary>Adds the proxy: the only resource with endpoints outside, https and the redirect to it.</summary>
    /// <typeparam name="TProject">The proxy's project.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="timings">The times that it shares with vLLM.</param>
    public static IResourceBuilder<ProjectResource> AddSecureProxy<TProject>(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, StackTimings timings)
        where TProject : IProjectMetadata, new()
    {
        // No launch profile: Compose would drop its https endpoint, and run and publish are to differ only where said here.
        var proxy = builder.AddProject<TProject>(name, options =>
            {
                options.ExcludeLaunchProfile = true;
                options.ExcludeKestrelEndpoints = true;
            })
            .WithEnvironment("Routing__PooledConnectionIdleSeconds", Seconds(timings.PooledConnectionIdle))
            .WithEnvironment("Shutdown__DrainSeconds", Seconds(timings.ProxyDrain));
        return builder.ExecutionContext.IsPublishMode ? proxy.Publish(timings) : proxy.Run();
    }

    /// <summary>Forwards to a vLLM and its replicas: each is an upstream of its own, so that the proxy balances by what each is doing.</summary>
    public static IResourceBuilder<ProjectResource> WithUpstream(this IResourceBuilder<ProjectResource> proxy, IResourceBuilder<VllmResource> vllm)
    {
        foreach (var replica in vllm.AndFurtherReplicas().Select(builder => builder.Resource))
        {
            proxy.WithEnvironment($"Upstreams__{replica.Name}__Address", replica.Address);
            if (replica.Settings.ApiKey is { } key)
            {
                proxy.WithEnvironment($"Upstreams__{replica.Name}__ApiKey", key);
            }
        }

        if (proxy.Resource.TryGetLastAnnotation<SecureProxyAnnotation>(out var annotation))
        {
            annotation.Upstream = vllm.Resource;
        }

        return proxy.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? proxy.PublishUpstream(vllm)
            : proxy.WithReferenceRelationship(vllm.Resource.Server ?? vllm.Resource);
    }

    private static IResourceBuilder<ProjectResource> Run(this IResourceBuilder<ProjectResource> proxy)
    {
        var builder = proxy.ApplicationBuilder;

        // Persisted in the user secrets, so that a client set up once keeps working.
        var key = builder.AddParameter("api-key", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true)
            .WithDescription("The key that clients show the proxy while the AppHost runs.");
        return proxy
            .WithAnnotation(new SecureProxyAnnotation(key.Resource))
            .WithHttpsEndpoint(port: HttpsPort, name: Https)
            .WithHttpEndpoint(port: HttpPort, name: Http)
            .WithEndpoint(Https, endpoint => endpoint.IsExternal = true)
            .WithEndpoint(Http, endpoint => endpoint.IsExternal = true)
            .WithHttpEndpoint(name: Management, env: "Management__Port")

            // The management port is no listener of the API: Kestrel must not serve it as one.
            .WithEndpointsInEnvironment(endpoint => endpoint.Name != Management)

            // A launch profile would say so.
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
            .WithEnvironment("PublicHttpsPort", proxy.Resource.GetEndpoint(Https).Property(EndpointProperty.Port))
            .WithEnvironment("ApiKeys__apphost__Key", key)

            // One trace from the client through the proxy to vLLM: here both ends are the developer's own.
            .WithEnvironment("Telemetry__TrustClientTraceContext", "true")

            // Aspire asks for message content in traces; prompts are never recorded here.
            .WithEnvironment("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "false")
            .WithHttpHealthCheck("/health/ready", endpointName: Management)
            .WithLinks()
            .WithProxyCommands();
    }

    private static IResourceBuilder<ProjectResource> WithLinks(this IResourceBuilder<ProjectResource> proxy) =>
        proxy.WithUrls(context =>
        {
            foreach (var url in context.Urls.Where(url => url.Endpoint is not null).ToList())
            {
                var address = url.Url.TrimEnd('/');
                switch (url.Endpoint!.EndpointName)
                {
                    case Https:
                        url.Url = $"{address}/v1";
                        url.DisplayText = "Endpoint";
                        context.Urls.Add(new() { Url = $"{address}/v1/models", DisplayText = "Models", Endpoint = url.Endpoint });
                        break;
                    case Http:
                        url.DisplayText = "Redirect to https";
                        break;
                    default:
                        url.Url = $"{address}/metrics";
                        url.DisplayText = "Metrics";
                        break;
                }
            }
        });

    private static string Seconds(TimeSpan time) => ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
