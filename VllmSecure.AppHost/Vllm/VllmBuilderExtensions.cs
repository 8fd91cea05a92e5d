using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace VllmSecure.AppHost.Vllm;

/// <summary>Adds vLLM to the application model. <c>AddVllm</c> creates the resource, each <c>WithX</c> sets one thing.</summary>
internal static partial class VllmBuilderExtensions
{
    /// <summary>Adds a vLLM server: vLLM's pinned image, on a port that only this machine reaches.</summary>
    public static IResourceBuilder<VllmResource> AddVllm(this IDistributedApplicationBuilder builder, [ResourceName] string name) =>
        builder.AddVllmServer(new VllmResource(name, new VllmSettings()));

    /// <summary>Serves the same model by several servers, each with its own GPUs. Comes after what is set for all of them.</summary>
    public static IResourceBuilder<VllmResource> WithReplicas(this IResourceBuilder<VllmResource> vllm, int replicas)
    {
        var first = vllm.Resource;
        for (var index = 1; index < replicas; index++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{first.Name}-{index + 1}");
            var replica = vllm.ApplicationBuilder.AddVllmServer(new VllmResource(name, first.Settings, index, first));
            foreach (var annotation in first.Annotations.Where(a => a is ContainerMountAnnotation or ContainerImageAnnotation or WaitAnnotation))
            {
                replica.WithAnnotation(annotation, annotation is ContainerImageAnnotation
                    ? ResourceAnnotationMutationBehavior.Replace
                    : ResourceAnnotationMutationBehavior.Append);
            }

            first.FurtherReplicas.Add(replica);
        }

        return vllm;
    }

    private static IResourceBuilder<VllmResource> AddVllmServer(this IDistributedApplicationBuilder builder, VllmResource resource) =>
        builder.AddResource(resource)
            .WithImage(VllmContainerImageTags.Image, VllmContainerImageTags.Tag)
            .WithImageRegistry(VllmContainerImageTags.Registry)
            .WithHttpEndpoint(targetPort: VllmResource.Port, name: VllmResource.EndpointName)
            .WithArgs(context => AddEngineArguments(context, resource.Settings, "0.0.0.0", VllmResource.Port))
            .WithEnvironment(context => AddEngineEnvironment(context, resource.Settings))
            .WithGpuRuntimeArguments()
            .WithOtlpExporter(OtlpProtocol.Grpc)
            .WithCertificateTrustConfiguration(context =>
            {
                // gRPC for Python reads neither SSL_CERT_FILE nor SSL_CERT_DIR.
                context.EnvironmentVariables["OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE"] = context.CertificateBundlePath;
                return Task.CompletedTask;
            })
            .WithModelHealthCheck(resource)
            .WithEngineLinks()
            .WithEngineCommands(resource)
            .PublishAsVllmService();

    private static void AddEngineArguments(CommandLineArgsCallbackContext context, VllmSettings settings, string host, object port)
    {
        foreach (var argument in VllmArguments.ForEngine(settings, host, port is int number ? number.ToString(CultureInfo.InvariantCulture) : port, OtlpEndpoint(context)))
        {
            context.Args.Add(argument);
        }
    }

    /// <summary>vLLM takes the endpoint as an argument and only the rest of the exporter's set-up from the environment.</summary>
    private static object? OtlpEndpoint(CommandLineArgsCallbackContext context)
    {
        if (context.ExecutionContext.IsPublishMode)
        {
            return Compose.PublishedDashboard.OtlpAddress;
        }

        var url = context.ExecutionContext.Services.GetRequiredService<Microsoft.Extensions.Configuration.IConfiguration>()["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"];
        return url is null ? null : new HostUrl(url);
    }

    private static void AddEngineEnvironment(EnvironmentCallbackContext context, VllmSettings settings)
    {
        var environment = context.EnvironmentVariables;
        environment["VLLM_HTTP_TIMEOUT_KEEP_ALIVE"] = VllmArguments.Seconds(settings.Timings.EngineKeepAlive);

        // Usage statistics go to a server on the internet, and a model server has no business there.
        environment["VLLM_NO_USAGE_STATS"] = "1";

        // When published, these two come as files: an environment is shown by `docker inspect`.
        if (context.ExecutionContext.IsRunMode)
        {
            SetIfGiven(environment, "VLLM_API_KEY", settings.ApiKey);
            SetIfGiven(environment, "HF_TOKEN", settings.HuggingFaceToken);
        }
        else if (settings.Download != ModelDownload.Engine)
        {
            // There is no way out: without this, vLLM waits for a timeout on every file it asks the hub about.
            environment["HF_HUB_OFFLINE"] = "1";
        }
    }

    private static void SetIfGiven(Dictionary<string, object> environment, string name, ParameterResource? value)
    {
        if (value is not null)
        {
            environment[name] = value;
        }
    }

    private static IResourceBuilder<T> WithModelHealthCheck<T>(this IResourceBuilder<T> builder, VllmResource vllm)
        where T : IResource
    {
        var key = $"{vllm.Name}_model_check";
        builder.ApplicationBuilder.Services.AddHttpClient();
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key,
            services => new VllmHealthCheck(vllm, services.GetRequiredService<IHttpClientFactory>()),
            failureStatus: null,
            tags: null));
        return builder.WithHealthCheck(key);
    }

    private static IResourceBuilder<T> WithEngineLinks<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints =>
        builder.WithUrls(context =>
        {
            var endpoint = context.GetEndpoint(VllmResource.EndpointName);
            foreach (var url in context.Urls.Where(url => url.Endpoint?.EndpointName == VllmResource.EndpointName).ToList())
            {
                var address = url.Url.TrimEnd('/');
                url.DisplayText = "OpenAI API (this machine only)";
                context.Urls.Add(new() { Url = $"{address}/v1/models", DisplayText = "Models", Endpoint = endpoint });
                context.Urls.Add(new() { Url = $"{address}/metrics", DisplayText = "Metrics", Endpoint = endpoint });
            }
        });
}
