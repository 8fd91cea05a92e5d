using VllmSecure.AppHost.Vllm;

namespace VllmSecure.AppHost;

/// <summary>The parameters of the stack: values of <c>.env</c> when published, of configuration and user secrets when run.</summary>
internal static class StackParameters
{
    public static IResourceBuilder<ParameterResource> AddModelParameter(this IDistributedApplicationBuilder builder, VllmOptions options) =>
        builder.AddParameter("model", options.Model, publishValueAsDefault: true)
            .WithDescription("The model, as Hugging Face names it. Another one is downloaded at the next start.");

    public static IResourceBuilder<ParameterResource> AddAcmeDomain(this IDistributedApplicationBuilder builder) =>
        builder.AddParameter("acme-domain")
            .WithDescription("The name of this server, as clients use it. Its DNS entry must lead here, with ports 80 and 443 open.");

    public static IResourceBuilder<ParameterResource> AddAcmeEmail(this IDistributedApplicationBuilder builder) =>
        builder.AddParameter("acme-email")
            .WithDescription("Where Let's Encrypt may write to about the account. It may stay empty.");

    public static IResourceBuilder<ParameterResource> AddAcmeTerms(this IDistributedApplicationBuilder builder) =>
        builder.AddParameter("acme-accept-terms", "false", publishValueAsDefault: true)
            .WithDescription("true when you accept the terms of service of Let's Encrypt: https://letsencrypt.org/repository/");

    /// <summary>
    /// The secrets of run mode: vLLM's own key, generated and kept in the user secrets, and the Hugging Face token where one is configured.
    /// Published files have neither: they are made on the server.
    /// </summary>
    public static IResourceBuilder<VllmResource> WithRunModeSecrets(this IResourceBuilder<VllmResource> vllm)
    {
        var builder = vllm.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode)
        {
            return vllm;
        }

        vllm.WithApiKey(builder.AddParameter("vllm-api-key", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true)
            .WithDescription("The key that the proxy shows vLLM: with Vllm:Mode=External, the one that those servers were started with."));

        // A parameter without a value would hold up the start with a question that most models never need answered.
        return string.IsNullOrEmpty(builder.Configuration["Parameters:hugging-face-token"])
            ? vllm
            : vllm.WithHuggingFaceToken(builder.AddParameter("hugging-face-token", secret: true).WithDescription("For gated models."));
    }
}
