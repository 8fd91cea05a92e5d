using Microsoft.Extensions.DependencyInjection;

namespace VllmSecure.AppHost.SecureProxy;

internal static partial class SecureProxyExtensions
{
    /// <summary>Buttons on the dashboard, which are also <c>aspire resource proxy COMMAND</c>.</summary>
    private static IResourceBuilder<ProjectResource> WithProxyCommands(this IResourceBuilder<ProjectResource> proxy) => proxy
        .WithCommand(
            "test-prompt",
            "Send a test prompt",
            context => SendTestPromptAsync(proxy.Resource, context),
            new CommandOptions
            {
                Description = "Streams a short answer through the https endpoint; shows tokens and time to first token.",
                IconName = "Send",
                IsHighlighted = true,
            })
        .WithCommand(
            "client-setup",
            "Show client set-up",
            context => ShowClientSetupAsync(proxy.Resource, context),
            new CommandOptions { Description = "What a client needs to be told.", IconName = "PlugConnected" })
        .WithCommand(
            "create-key",
            "Create an API key",
            context => RunAsync(proxy.Resource, context, "keys", "create", context.Arguments["name"].Value ?? string.Empty),
            new CommandOptions
            {
                Description = "Makes a key for a client. Its secret is shown this once; the running proxy takes it over by itself.",
                IconName = "Key",
                Arguments = [new InteractionInput { Name = "name", Label = "Name", InputType = InputType.Text, Required = true, Placeholder = "vscode" }],
            })
        .WithCommand(
            "renew-certificate",
            "Renew the certificate",
            context => RunAsync(proxy.Resource, context, "certificates", "renew"),
            new CommandOptions { Description = "Orders a new certificate now, where the proxy orders them (Tls:Source=Acme).", IconName = "Certificate" })
        .WithDrainCommand("drain", "Drain", "Takes no new requests: they get 503 and readiness is off, while streams finish.", "PlugDisconnected")
        .WithDrainCommand("undrain", "Stop draining", "Takes new requests again.", "ArrowUndo");

    /// <summary>By HTTP, as the running proxy is meant; its management listener wants the header, which no page in a browser can send.</summary>
    private static IResourceBuilder<ProjectResource> WithDrainCommand(
        this IResourceBuilder<ProjectResource> proxy, string name, string displayName, string description, string icon) =>
        proxy.WithHttpCommand($"/{name}", displayName, Management, name, new HttpCommandOptions
        {
            Description = description,
            IconName = icon,
            ResultMode = HttpCommandResultMode.Text,
            PrepareRequest = context =>
            {
                context.Request.Headers.Add("X-VllmSecure-Command", "1");
                return Task.CompletedTask;
            },
        });

    private static async Task<ExecuteCommandResult> RunAsync(ProjectResource proxy, ExecuteCommandContext context, params string[] words) =>
        (await ProxyCommandLine.RunAsync(proxy, context.Services, words, context.CancellationToken)).ForDashboard();

    private static async Task<ExecuteCommandResult> SendTestPromptAsync(ProjectResource proxy, ExecuteCommandContext context)
    {
        var (address, key, model) = await ReadAccessAsync(proxy, context.CancellationToken);
        try
        {
            using var prompt = new TestPrompt(address, TimeProvider.System);
            var result = await prompt.SendAsync(key, model, context.CancellationToken);
            return CommandResults.Success(result.Summary, $"{result.Text}\n\n{result.Summary}");
        }
        catch (HttpRequestException error)
        {
            return CommandResults.Failure(error.Message);
        }
    }

    private static async Task<ExecuteCommandResult> ShowClientSetupAsync(ProjectResource proxy, ExecuteCommandContext context)
    {
        var (address, key, model) = await ReadAccessAsync(proxy, context.CancellationToken);

        // As the orchestrator started it: the certificate is handed over to the process and is not in the application's model.
        context.Services.GetRequiredService<ResourceNotificationService>().TryGetCurrentState(context.ResourceName, out var state);
        var authority = ClientSetup.FindDevelopmentAuthority(state?.Snapshot.EnvironmentVariables ?? []);
        return CommandResults.Success("Client set-up", ClientSetup.Text(address, key, model, authority), CommandResultFormat.Markdown, displayImmediately: true);
    }

    private static async Task<(Uri Address, string Key, string Model)> ReadAccessAsync(ProjectResource proxy, CancellationToken cancellationToken)
    {
        var annotation = proxy.Annotations.OfType<SecureProxyAnnotation>().Single();
        var address = await proxy.GetEndpoint(Https).GetValueAsync(cancellationToken);
        var key = annotation.ApiKey is null ? null : await annotation.ApiKey.GetValueAsync(cancellationToken);
        var model = annotation.Upstream is null ? null : await annotation.Upstream.Settings.GetModelNameAsync(cancellationToken);
        return (new Uri(address ?? "https://localhost:8443"), key ?? string.Empty, model ?? string.Empty);
    }
}
