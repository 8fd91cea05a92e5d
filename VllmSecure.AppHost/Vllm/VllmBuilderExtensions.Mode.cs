using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace VllmSecure.AppHost.Vllm;

internal static partial class VllmBuilderExtensions
{
    /// <summary>Decides what serves as vLLM, and says so on the dashboard. Comes last, after the replicas.</summary>
    /// <typeparam name="TSimulator">The project of the simulated vLLM.</typeparam>
    /// <param name="vllm">The server and its replicas.</param>
    /// <param name="options">The configured mode and addresses.</param>
    public static IResourceBuilder<VllmResource> ServedBy<TSimulator>(
        this IResourceBuilder<VllmResource> vllm, VllmOptions options)
        where TSimulator : IProjectMetadata, new()
    {
        var builder = vllm.ApplicationBuilder;
        var choice = VllmModeChoice.For(options.Mode, builder.ExecutionContext.IsPublishMode, vllm.Resource.Settings.Host);
        if (options.GpuVendor is null && choice.FoundGpu is { } found)
        {
            foreach (var replica in vllm.AndFurtherReplicas())
            {
                replica.WithGpu(found, options.Gpus);
            }
        }

        foreach (var (index, replica) in vllm.AndFurtherReplicas().Index().ToList())
        {
            switch (choice.Mode)
            {
                case VllmMode.Cpu:
                    replica.RunOnCpu();
                    break;
                case VllmMode.Process:
                    replica.RunAsProcess();
                    break;
                case VllmMode.Simulator:
                    replica.RunAsSimulator<TSimulator>();
                    break;
                case VllmMode.External:
                    replica.RunAsExternal(options.Addresses[index]);
                    break;
            }
        }

        builder.Eventing.Subscribe<AfterResourcesCreatedEvent>((created, cancellationToken) =>
        {
            Announce(choice, created.Services, cancellationToken);
            return Task.CompletedTask;
        });
        return vllm;
    }

    /// <summary>The server and its replicas.</summary>
    public static IEnumerable<IResourceBuilder<VllmResource>> AndFurtherReplicas(this IResourceBuilder<VllmResource> vllm) =>
        vllm.Resource.FurtherReplicas.Prepend(vllm);

    private static void RunOnCpu(this IResourceBuilder<VllmResource> vllm)
    {
        vllm.Resource.Settings.GpuVendor = null;

        // Where published files will run is not known: most servers are of this kind.
        var architecture = vllm.ApplicationBuilder.ExecutionContext.IsPublishMode ? Architecture.X64 : vllm.Resource.Settings.Host.Architecture;
        vllm.WithImage(VllmContainerImageTags.CpuImage, VllmContainerImageTags.CpuTag(architecture))
            .WithEnvironment("VLLM_CPU_KVCACHE_SPACE", "4")
            .WithContainerRuntimeArgs("--security-opt=seccomp=unconfined", "--cap-add=SYS_NICE");
    }

    private static void RunAsProcess(this IResourceBuilder<VllmResource> vllm)
    {
        var resource = vllm.Resource;
        var builder = vllm.ApplicationBuilder;
        builder.Resources.Remove(resource);
        var process = builder.AddExecutable(resource.Name, "vllm", builder.AppHostDirectory, "serve")
            .WithEngineEndpoint();
        resource.Server = process.Resource;
        process
            .WithArgs(context => AddEngineArguments(context, resource.Settings, "127.0.0.1", resource.PrimaryEndpoint.Property(EndpointProperty.TargetPort), OtlpEndpoint(builder)))
            .WithEnvironment(context => AddEngineEnvironment(context, resource.Settings))
            .WithVisibleGpus(resource)
            .WithTraces()
            .WithHealthCheck(HealthCheckOf(resource))
            .WithEngineLinks()
            .WithEngineCommands(resource);
    }

    private static void RunAsSimulator<TSimulator>(this IResourceBuilder<VllmResource> vllm)
        where TSimulator : IProjectMetadata, new()
    {
        var resource = vllm.Resource;
        var builder = vllm.ApplicationBuilder;
        builder.Resources.Remove(resource);
        var simulator = builder.AddProject<TSimulator>(resource.Name, options =>
            {
                options.ExcludeLaunchProfile = true;
                options.ExcludeKestrelEndpoints = true;
            })
            .WithEngineEndpoint();
        resource.Server = simulator.Resource;
        simulator
            .WithArgs(context =>
            {
                foreach (var argument in VllmArguments.ForSimulator(resource.Settings))
                {
                    context.Args.Add(argument);
                }
            })
            .WithEnvironment(context => AddEngineEnvironment(context, resource.Settings))
            .WithHealthCheck(HealthCheckOf(resource))
            .WithEngineLinks()
            .WithEngineCommands(resource);
    }

    private static void RunAsExternal(this IResourceBuilder<VllmResource> vllm, Uri address)
    {
        if (vllm.ApplicationBuilder.ExecutionContext.IsPublishMode && address.IsLoopback)
        {
            throw new InvalidOperationException(
                $"{VllmOptions.Section}:{nameof(VllmOptions.Addresses)} has {address}: the published proxy runs in a container, where that is the container itself. "
                + "Use the name or address by which containers reach the server, or run the proxy without containers (docs/operations/deploy.md).");
        }

        var resource = vllm.Resource;
        resource.ExternalAddress = address;
        vllm.ApplicationBuilder.Resources.Remove(resource);
        vllm.ApplicationBuilder.AddExternalService(resource.Name, new Uri(address.GetLeftPart(UriPartial.Authority) + "/"))
            .WithHealthCheck(HealthCheckOf(resource))
            .WithEngineCommands(resource);
    }

    private static void Announce(VllmModeChoice choice, IServiceProvider services, CancellationToken cancellationToken)
    {
        var message = $"vLLM is served by: {choice.Mode}, because {choice.Reason}. Vllm:Mode chooses another.";
        services.GetRequiredService<ILoggerFactory>().CreateLogger("VllmSecure.AppHost").LogVllmMode(choice.Mode, choice.Reason);
        var interaction = services.GetRequiredService<IInteractionService>();
        if (interaction.IsAvailable)
        {
            // Ends when the notice is closed by hand: nothing waits for that.
            _ = interaction.PromptNotificationAsync(
                "vLLM", message, new NotificationInteractionOptions { Intent = MessageIntent.Information }, cancellationToken);
        }
    }
}
