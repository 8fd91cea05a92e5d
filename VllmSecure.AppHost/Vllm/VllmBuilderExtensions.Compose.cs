using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using VllmSecure.AppHost.Compose;

namespace VllmSecure.AppHost.Vllm;

internal static partial class VllmBuilderExtensions
{
    // Weights of 100 GB from a slow disk take this long; a failed check counts only after it.
    private const string LoadsWithin = "45m";

    /// <summary>How a published vLLM comes by its weights (in run mode it downloads them by itself). Comes before the replicas, which wait for the same.</summary>
    public static IResourceBuilder<VllmResource> WithModelDownload(this IResourceBuilder<VllmResource> vllm, VllmOptions options)
    {
        if (vllm.ApplicationBuilder.ExecutionContext.IsRunMode || options.Mode == VllmMode.External)
        {
            return vllm;
        }

        vllm.Resource.Settings.Download = options.Download;
        return options.Download == ModelDownload.OneShot ? vllm.WithDownloadService() : vllm;
    }

    private static IResourceBuilder<VllmResource> WithDownloadService(this IResourceBuilder<VllmResource> vllm)
    {
        var resource = vllm.Resource;
        var settings = resource.Settings;
        var download = vllm.ApplicationBuilder.AddContainer("model-download", VllmContainerImageTags.Image, VllmContainerImageTags.Tag)
            .WithImageRegistry(VllmContainerImageTags.Registry)
            .WithEntrypoint("hf")
            .WithArgs(context =>
            {
                context.Args.Add("download");
                context.Args.Add(settings.Model);
            })
            .WithVolume(HuggingFaceVolume, HuggingFaceFolder)
            .PublishAsDockerComposeService((_, service) =>
            {
                // vLLM's own image, whichever it became: its `hf` writes the cache that its vLLM reads, and nothing more is pulled.
                service.Image = resource.TryGetContainerImageName(out var image) ? image : service.Image;
                service.Networks = [ComposeNetworks.Edge];
                UseHuggingFaceToken(service);
                service.Harden();

                // A download that broke off goes on where it stopped.
                service.Restart = "on-failure:5";
            });
        return vllm.WaitForCompletion(download);
    }

    private static IResourceBuilder<VllmResource> PublishAsVllmService(this IResourceBuilder<VllmResource> vllm)
    {
        var resource = vllm.Resource;
        return vllm.PublishAsDockerComposeService((_, service) =>
        {
            var settings = resource.Settings;

            // vLLM reads its key and the exporter's headers from the environment only: a shell hands them over from files,
            // so that neither is in the file, in `docker inspect` or in the process list.
            service.Entrypoint =
            [
                "/bin/sh",
                "-c",
                "export VLLM_API_KEY=\"$$(cat /run/secrets/vllm-api-key)\" OTEL_EXPORTER_OTLP_TRACES_HEADERS=\"$$(cat /run/secrets/otlp-headers)\"; exec vllm serve \"$$@\"",
                "vllm",
            ];
            service.UseSecret("vllm-api-key");
            service.UseSecret("otlp-headers");
            service.AddEnvironmentalVariable("OTEL_SERVICE_NAME", resource.Name);
            service.AddEnvironmentalVariable("OTEL_EXPORTER_OTLP_TRACES_INSECURE", "true");

            service.Networks = [ComposeNetworks.Inference];
            if (settings.Download == ModelDownload.Engine)
            {
                service.Networks.Add(ComposeNetworks.Edge);
                UseHuggingFaceToken(service);
            }

            service.Harden();
            service.Restart = "unless-stopped";
            service.ShmSize = settings.SharedMemory;
            service.StopGracePeriod = $"{VllmArguments.Seconds(settings.Timings.EngineStopGrace)}s";
            service.Healthcheck = new Healthcheck
            {
                // vLLM listens only when the model is loaded.
                Test = ["CMD", "curl", "-fsS", "-o", "/dev/null", $"http://127.0.0.1:{VllmResource.Port}/health"],
                Interval = "10s",
                Timeout = "5s",
                Retries = 6,
                StartPeriod = LoadsWithin,
            };
            AddGpu(service, settings);
            if (resource.Primary is { } first)
            {
                // One after the other: the first compiles the kernels, the others find them in the cache they share.
                service.DependsOn[first.Name] = new ServiceDependency { Condition = "service_healthy" };
            }
        });
    }

    /// <summary>What needs no device reservation. NVIDIA's is written by <see cref="GpuReservations"/>.</summary>
    private static void AddGpu(Service service, VllmSettings settings)
    {
        if (settings.GpuVendor == GpuVendor.Nvidia)
        {
            return;
        }

        service.SecurityOpt.Add("seccomp=unconfined");
        if (settings.GpuVendor == GpuVendor.Amd)
        {
            service.Devices.AddRange(["/dev/kfd", "/dev/dri"]);
            service.GroupAdd.Add("video");
        }
        else
        {
            // The CPU back end pins its threads to cores.
            service.CapAdd.Add("SYS_NICE");
        }
    }

    private static void UseHuggingFaceToken(Service service)
    {
        service.UseSecret("hugging-face-token");
        service.AddEnvironmentalVariable("HF_TOKEN_PATH", "/run/secrets/hugging-face-token");
    }
}
