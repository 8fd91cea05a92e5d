namespace VllmSecure.AppHost.Vllm;

internal static partial class VllmBuilderExtensions
{
    /// <summary>The model, as Hugging Face names it.</summary>
    public static IResourceBuilder<VllmResource> WithModel(this IResourceBuilder<VllmResource> vllm, string model) =>
        vllm.Set(settings => settings.Model = model);

    /// <summary>The model, as a parameter: in published files a value of <c>.env</c>.</summary>
    public static IResourceBuilder<VllmResource> WithModel(this IResourceBuilder<VllmResource> vllm, IResourceBuilder<ParameterResource> model) =>
        vllm.Set(settings => settings.Model = model.Resource);

    /// <summary>The name that clients ask for; null keeps the model's own.</summary>
    public static IResourceBuilder<VllmResource> WithServedModelName(this IResourceBuilder<VllmResource> vllm, string? name) =>
        vllm.Set(settings => settings.ServedModelName = name);

    /// <summary>Longest context in tokens, prompt and answer together; null keeps the model's own.</summary>
    public static IResourceBuilder<VllmResource> WithMaxModelLength(this IResourceBuilder<VllmResource> vllm, int? tokens) =>
        vllm.Set(settings => settings.MaxModelLength = tokens);

    /// <summary>Splits each layer over this many GPUs.</summary>
    public static IResourceBuilder<VllmResource> WithTensorParallelism(this IResourceBuilder<VllmResource> vllm, int gpus) =>
        vllm.Set(settings => settings.TensorParallelism = gpus);

    /// <summary>vLLM's own key: what the proxy shows it. It guards <c>/v1</c> only, so the network must guard the rest.</summary>
    public static IResourceBuilder<VllmResource> WithApiKey(this IResourceBuilder<VllmResource> vllm, IResourceBuilder<ParameterResource> key) =>
        vllm.Set(settings => settings.ApiKey = key.Resource);

    /// <summary>An argument of <c>vllm serve</c> that has no method here, with its value.</summary>
    public static IResourceBuilder<VllmResource> WithEngineArgument(this IResourceBuilder<VllmResource> vllm, string name, string? value = null) =>
        vllm.Set(settings =>
        {
            settings.EngineArguments.Add(name);
            if (value is not null)
            {
                settings.EngineArguments.Add(value);
            }
        });

    /// <summary>The times that vLLM and the proxy must agree on.</summary>
    public static IResourceBuilder<VllmResource> WithTimings(this IResourceBuilder<VllmResource> vllm, StackTimings timings) =>
        vllm.Set(settings => settings.Timings = timings);

    private static IResourceBuilder<VllmResource> Set(this IResourceBuilder<VllmResource> vllm, Action<VllmSettings> set)
    {
        set(vllm.Resource.Settings);
        return vllm;
    }
}
