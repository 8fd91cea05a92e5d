namespace VllmSecure.AppHost.Vllm;

internal static partial class VllmBuilderExtensions
{
    /// <summary>The volume of downloaded weights.</summary>
    public const string HuggingFaceVolume = "hugging-face-cache";

    /// <summary>Where the images keep it: their user is root.</summary>
    public const string HuggingFaceFolder = "/root/.cache/huggingface";

    private const string CompileVolume = "vllm-compile-cache";
    private const string CompileFolder = "/root/.cache/vllm";

    /// <summary>Keeps weights and compiled kernels across restarts: both take minutes to make anew.</summary>
    public static IResourceBuilder<VllmResource> WithHuggingFaceCache(this IResourceBuilder<VllmResource> vllm) =>
        vllm.WithVolume(HuggingFaceVolume, HuggingFaceFolder)
            .WithVolume(CompileVolume, CompileFolder);

    /// <summary>The token for gated models.</summary>
    public static IResourceBuilder<VllmResource> WithHuggingFaceToken(this IResourceBuilder<VllmResource> vllm, IResourceBuilder<ParameterResource> token) =>
        vllm.Set(settings => settings.HuggingFaceToken = token.Resource);
}
