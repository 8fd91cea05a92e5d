using Microsoft.Extensions.DependencyInjection;

namespace VllmSecure.AppHost.Vllm;

internal static partial class VllmBuilderExtensions
{
    private static IResourceBuilder<T> WithEngineCommands<T>(this IResourceBuilder<T> builder, VllmResource vllm)
        where T : IResource =>
        builder.WithCommand(
            "engine-load",
            "Show engine load",
            context => ShowLoadAsync(vllm, context),
            new CommandOptions
            {
                Description = "Requests running and waiting, and how full the KV cache is.",
                IconName = "Gauge",
            });

    private static async Task<ExecuteCommandResult> ShowLoadAsync(VllmResource vllm, ExecuteCommandContext context)
    {
        try
        {
            using var client = context.Services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(EngineLoad));
            var address = await vllm.Address.GetValueAsync(context.CancellationToken);
            var metrics = await client.GetStringAsync(new Uri($"{address}/metrics"), context.CancellationToken);
            var load = EngineLoad.Parse(metrics).ToString();
            return CommandResults.Success(load, load);
        }
        catch (HttpRequestException error)
        {
            return CommandResults.Failure($"/metrics did not answer: {error.Message}");
        }
    }
}
