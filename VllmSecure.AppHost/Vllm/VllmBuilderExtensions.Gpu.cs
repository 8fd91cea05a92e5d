namespace VllmSecure.AppHost.Vllm;

internal static partial class VllmBuilderExtensions
{
    /// <summary>Gives each replica GPUs, and takes the image that fits them.</summary>
    /// <param name="vllm">The server.</param>
    /// <param name="vendor">Whose GPUs.</param>
    /// <param name="devices">How many for each replica.</param>
    public static IResourceBuilder<VllmResource> WithGpu(this IResourceBuilder<VllmResource> vllm, GpuVendor vendor, int devices = 1)
    {
        vllm.Resource.Settings.GpuVendor = vendor;
        vllm.Resource.Settings.Gpus = devices;
        return vendor == GpuVendor.Amd ? vllm.WithImage(VllmContainerImageTags.RocmImage, VllmContainerImageTags.Tag) : vllm;
    }

    /// <summary>Size of the container's shared memory, as Docker takes it (<c>16g</c>). Without it, workers of one model fail at Docker's 64 MB.</summary>
    public static IResourceBuilder<VllmResource> WithSharedMemory(this IResourceBuilder<VllmResource> vllm, string size) =>
        vllm.Set(settings => settings.SharedMemory = size);

    /// <summary>Replicas that see all GPUs of the machine would all take the first ones.</summary>
    private static IResourceBuilder<T> WithVisibleGpus<T>(this IResourceBuilder<T> builder, VllmResource vllm)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context =>
        {
            if (vllm.Devices.Count > 0 && GpuArguments.Selector(vllm.Settings.GpuVendor, inContainer: vllm.Server is null) is { } selector)
            {
                context.EnvironmentVariables[selector] = GpuArguments.List(vllm.Devices);
            }
        });

    private static IResourceBuilder<VllmResource> WithGpuRuntimeArguments(this IResourceBuilder<VllmResource> vllm)
    {
        var resource = vllm.Resource;
        return vllm.WithContainerRuntimeArgs(context =>
        {
            if (resource.Settings.SharedMemory is { } size)
            {
                context.Args.Add($"--shm-size={size}");
            }

            if (resource.Settings.GpuVendor is not { } vendor)
            {
                return;
            }

            var runtime = resource.Settings.Host.FindContainerRuntime() ?? ContainerRuntime.Docker;
            foreach (var argument in GpuArguments.For(vendor, runtime, resource.Devices))
            {
                context.Args.Add(argument);
            }
        });
    }
}
