namespace VllmSecure.AppHost.Vllm;

/// <summary>The container runtimes that Aspire drives; they take GPUs by different arguments.</summary>
internal enum ContainerRuntime
{
    Docker,
    Podman,
}
