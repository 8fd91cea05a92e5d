using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace VllmSecure.AppHost.Tests;

/// <summary>One full run for all tests of a class.</summary>
public sealed class RunningApplication : IAsyncLifetime
{
    public const string ApiKey = "api-key-of-the-tests-0123456789abcdef";
    private const string DashboardKey = "dashboard-key-of-the-tests";

    // A cold machine takes most of a minute to start four processes.
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("vllm-secure-run-");
    private DistributedApplication? _application;

    public DistributedApplication Application => _application ?? throw new InvalidOperationException("The stack is not started.");

    public async ValueTask InitializeAsync()
    {
        string[] arguments =
        [
            "--Vllm:Mode=Simulator",
            $"--Parameters:api-key={ApiKey}",
            "--Parameters:vllm-api-key=vllm-key-of-the-tests",
            $"--AppHost:DashboardApiKey={DashboardKey}",
        ];
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.VllmSecure_AppHost>(
            arguments, (options, _) => options.DisableDashboard = false);

        // Certificates and keys of the tests are none of the developer's.
        builder.CreateResourceBuilder((ProjectResource)builder.Resources.Single(resource => resource.Name == "proxy"))
            .WithEnvironment("DataDirectory", _data.FullName);
        _application = await builder.BuildAsync();
        await _application.StartAsync().WaitAsync(Patience);
        await _application.ResourceNotifications.WaitForResourceHealthyAsync("proxy").WaitAsync(Patience);
    }

    /// <summary>Where the proxy keeps its development authority, if it is the one whose certificate is served.</summary>
    public string Authority => Path.Combine(_data.FullName, "development", "ca.pem");

    /// <summary>Runs a command as the dashboard does.</summary>
    public Task<ExecuteCommandResult> ExecuteAsync(string resource, string command) =>
        Application.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(resource, command).WaitAsync(Patience);

    /// <summary>Runs a command that asks for one thing.</summary>
    public Task<ExecuteCommandResult> ExecuteAsync(string resource, string command, string argument, string value)
    {
        InteractionInputCollection arguments = new([new InteractionInput { Name = argument, InputType = InputType.Text, Value = value }]);
        return Application.Services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync(Application.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(candidate => candidate.Name == resource), command, arguments)
            .WaitAsync(Patience);
    }

    /// <summary>The spans of a resource, as the dashboard has them, up to and with those that make <paramref name="complete"/> true.</summary>
    public async Task<IReadOnlyList<DashboardSpan>> ReadSpansAsync(string resource, Func<IReadOnlyList<DashboardSpan>, bool> complete)
    {
        using var client = Application.CreateHttpClient("aspire-dashboard", "http");
        client.DefaultRequestHeaders.Add("X-API-Key", DashboardKey);
        using var timeout = new CancellationTokenSource(Patience);

        // `follow` keeps the answer open and sends each span as it arrives: nothing to poll.
        using var response = await client.GetAsync(
            new Uri($"/api/telemetry/spans?resource={resource}&follow=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, timeout.Token);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(timeout.Token));
        List<DashboardSpan> spans = [];
        while (!complete(spans) && await reader.ReadLineAsync(timeout.Token) is { } line)
        {
            spans.AddRange(DashboardSpan.Parse(line));
        }

        return spans;
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }
}
