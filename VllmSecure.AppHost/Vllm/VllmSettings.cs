namespace VllmSecure.AppHost.Vllm;

/// <summary>How one vLLM is started. Replicas share it, so that what is set on the first holds for all.</summary>
internal sealed class VllmSettings
{
    /// <summary>The model: its name, or a parameter with it.</summary>
    public object Model { get; set; } = new VllmOptions().Model;

    public string? ServedModelName { get; set; }

    public int? MaxModelLength { get; set; }

    public int TensorParallelism { get; set; } = 1;

    /// <summary>Null: no GPU.</summary>
    public GpuVendor? GpuVendor { get; set; }

    /// <summary>GPUs of one replica.</summary>
    public int Gpus { get; set; } = 1;

    /// <summary>Shared memory of the container, as Docker takes it (<c>16g</c>): tensor parallelism and the tokenizers need it.</summary>
    public string? SharedMemory { get; set; }

    /// <summary>Shown on /v1 by clients of this server: the proxy, not the proxy's clients.</summary>
    public ParameterResource? ApiKey { get; set; }

    public ParameterResource? HuggingFaceToken { get; set; }

    /// <summary>How a published server comes by its weights.</summary>
    public ModelDownload Download { get; set; } = ModelDownload.Engine;

    /// <summary>The machine that run mode runs on.</summary>
    public IHostProbe Host { get; set; } = new HostProbe();

    /// <summary>Further arguments, as they stand.</summary>
    public IList<string> EngineArguments { get; } = [];

    public StackTimings Timings { get; set; } = StackTimings.Default;

    /// <summary>The name under which the model is listed.</summary>
    public async ValueTask<string> GetModelNameAsync(CancellationToken cancellationToken) =>
        ServedModelName ?? (Model is ParameterResource parameter
            ? await parameter.GetValueAsync(cancellationToken) ?? string.Empty
            : (string)Model);
}
