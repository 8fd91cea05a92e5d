using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace VllmSecure.AppHost.SecureProxy;

/// <summary>Runs a command of the proxy's own command line, beside the proxy that serves and on the same data directory.</summary>
internal static class ProxyCommandLine
{
    /// <returns>The exit code, what was said, and what a script would take.</returns>
    public static async Task<ProxyCommandResult> RunAsync(
        ProjectResource proxy, IServiceProvider services, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])
            ["run", "--project", proxy.GetProjectMetadata().ProjectPath, "--no-build", "--no-launch-profile", "--configuration", Configuration(), "--", .. words])
        {
            start.ArgumentList.Add(argument);
        }

        var configuration = await ExecutionConfigurationBuilder.Create(proxy)
            .WithEnvironmentVariablesConfig()
            .BuildAsync(services.GetRequiredService<DistributedApplicationExecutionContext>(), cancellationToken: cancellationToken);

        foreach (var (name, value) in configuration.EnvironmentVariables.Where(variable => IsShared(variable.Key, variable.Value)))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ProxyCommandResult(process.ExitCode, (await output).Trim(), (await error).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Not shared: the ports, for which the orchestrator's templates stand here, and telemetry, which is the serving proxy's.</summary>
    private static bool IsShared(string name, string value) =>
        !value.Contains("{{", StringComparison.Ordinal) && !name.StartsWith("OTEL_", StringComparison.Ordinal);

    /// <summary>The proxy was built with the AppHost, and so alike.</summary>
    private static string Configuration() =>
        typeof(ProxyCommandLine).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";
}
