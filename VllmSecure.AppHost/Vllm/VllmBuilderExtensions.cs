using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using VllmSecure.AppHost.Compose;

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
            replica.WithAnnotation(first.Annotations.OfType<ContainerImageAnnotation>().Last(), ResourceAnnotationMutationBehavior.Replace);
            foreach (var annotation in first.Annotations.Where(annotation => annotation is ContainerMountAnnotation or WaitAnnotation))
            {
                replica.Resource.Annotations.Add(annotation);
            }

            first.FurtherReplicas.Add(replica);
        }

        return vllm;
    }

    private static IResourceBuilder<VllmResource> AddVllmServer(this IDistributedApplicationBuilder builder, VllmResource resource)
    {
        // Once for the resource, whatever comes to stand in for it.
        builder.Services.AddHttpClient();
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            HealthCheckOf(resource),
            services => new VllmHealthCheck(resource, services.GetRequiredService<IHttpClientFactory>()),
            failureStatus: null,
            tags: null));
        return builder.AddResource(resource)
            .WithImage(VllmContainerImageTags.Image, VllmContainerImageTags.Tag)
            .WithImageRegistry(VllmContainerImageTags.Registry)
            .WithEngineEndpoint(VllmResource.Port)
            .WithArgs(context => AddEngineArguments(context, resource.Settings, "0.0.0.0", VllmResource.PortText, OtlpEndpoint(builder)))
            .WithEnvironment(context => AddEngineEnvironment(context, resource.Settings))
            .WithGpuRuntimeArguments()
            .WithVisibleGpus(resource)
            .WithTraces()
            .WithCertificateTrustConfiguration(context =>
            {
                // gRPC for Python reads neither SSL_CERT_FILE nor SSL_CERT_DIR.
                context.EnvironmentVariables["OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE"] = context.CertificateBundlePath;
                return Task.CompletedTask;
            })
            .WithHealthCheck(HealthCheckOf(resource))
            .WithEngineLinks()
            .WithEngineCommands(resource)
            .PublishAsVllmService();
    }

    /// <summary>
    /// The endpoint that serves the OpenAI API. The port is the server's own: Aspire's proxy in front of it would accept
    /// connections that nobody answers yet, and a refused one is how a vLLM that loads its model is known.
    /// </summary>
    private static IResourceBuilder<T> WithEngineEndpoint<T>(this IResourceBuilder<T> builder, int? targetPort = null)
        where T : IResourceWithEndpoints =>
        builder.WithHttpEndpoint(targetPort: targetPort, name: VllmResource.EndpointName, isProxied: false);

    /// <summary>Traces to the dashboard, without what was said: Aspire asks for message content in run mode.</summary>
    private static IResourceBuilder<T> WithTraces<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment =>
        builder
            .WithOtlpExporter(OtlpProtocol.Grpc)
            .WithEnvironment(context =>
            {
                if (context.ExecutionContext.IsRunMode)
                {
                    context.EnvironmentVariables["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "false";
                }
            });

    private static string HealthCheckOf(VllmResource vllm) => $"{vllm.Name}_model_check";

    private static void AddEngineArguments(CommandLineArgsCallbackContext context, VllmSettings settings, string host, object port, object? otlpEndpoint)
    {
        foreach (var argument in VllmArguments.ForEngine(settings, host, port, otlpEndpoint))
        {
            context.Args.Add(argument);
        }
    }

    /// <summary>vLLM takes the endpoint as an argument and only the rest of the exporter's set-up from the environment.</summary>
    private static object? OtlpEndpoint(IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            return PublishedDashboard.OtlpAddress;
        }

        // The dashboard's own endpoint knows its real port; it joins the model at the start, after this one was made.
        if (builder.Resources.FirstOrDefault(resource => resource.Name == "aspire-dashboard") is IResourceWithEndpoints dashboard)
        {
            return dashboard.GetEndpoint("otlp-grpc");
        }

        // Seen from a container, this machine has another name: HostUrl puts it in.
        return builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] is { } url ? new HostUrl(url) : null;
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
