using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using VllmSecure.AppHost.Vllm;

namespace VllmSecure.AppHost.Compose;

/// <summary>Publishes the stack as Docker Compose files.</summary>
internal static class ComposeStackExtensions
{
    private const string Environment = "compose";

    /// <summary>Adds Docker Compose as where the stack is published to. Comes last: it reads what vLLM was given.</summary>
    public static IDistributedApplicationBuilder AddComposeStack(this IDistributedApplicationBuilder builder, IResourceBuilder<VllmResource> vllm)
    {
        builder.AddPublishedDashboard();
        var envValues = new Dictionary<string, EnvValue>(StringComparer.Ordinal);
        builder.AddDockerComposeEnvironment(Environment)
            .WithDashboard(false)
            .WithProperties(environment => environment.DefaultNetworkName = ComposeNetworks.Edge)
            .ConfigureComposeFile(Complete)
            .ConfigureEnvFile(variables =>
            {
                foreach (var (name, variable) in variables)
                {
                    envValues[name] = EnvValue.For(name, variable);
                }
            });

        // In run mode the step that this one follows does not exist.
        if (builder.ExecutionContext.IsPublishMode)
        {
            builder.Pipeline.AddStep(
                "complete-compose-files",
                context => CompleteFilesAsync(context, vllm.Resource, envValues),
                dependsOn: $"publish-{Environment}",
                requiredBy: WellKnownPipelineSteps.Publish);
        }

        return builder;
    }

    private static void Complete(ComposeFile file)
    {
        file.AddNetwork(new Network { Name = ComposeNetworks.Inference, Driver = "bridge", Internal = true });
        foreach (var volume in file.Services.Values.SelectMany(service => service.Volumes).Where(volume => volume.Type == "volume"))
        {
            // Aspire declares those that it mounts itself.
            file.Volumes.TryAdd(volume.Source!, new Volume { Name = volume.Source!, Driver = "local" });
        }

        foreach (var secret in file.Services.Values.SelectMany(service => service.Secrets).Select(secret => secret.Source!).Distinct(StringComparer.Ordinal))
        {
            file.Secrets[secret] = new Secret { File = $"./secrets/{secret}" };
        }
    }

    /// <summary>Writes what Aspire's model of a Compose file has no place for.</summary>
    private static async Task CompleteFilesAsync(PipelineStepContext context, VllmResource vllm, Dictionary<string, EnvValue> envValues)
    {
        var folder = context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();
        await RewriteAsync(Path.Combine(folder, "docker-compose.yaml"), text => GpuReservations.AddTo(text, GpuReservations.For(vllm)));
        await RewriteAsync(Path.Combine(folder, ".env"), text => EnvFileText.Complete(text, envValues));
        var script = Path.Combine(folder, SecretsScript.FileName);
        await File.WriteAllTextAsync(script, SecretsScript.Read(), context.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        async Task RewriteAsync(string file, Func<string, string> rewrite)
        {
            if (File.Exists(file))
            {
                await File.WriteAllTextAsync(file, rewrite(await File.ReadAllTextAsync(file, context.CancellationToken)), context.CancellationToken);
            }
        }
    }
}
