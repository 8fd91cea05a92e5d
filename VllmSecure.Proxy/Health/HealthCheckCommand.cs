using System.CommandLine;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Commands;
using VllmSecure.ServiceDefaults;

namespace VllmSecure.Proxy.Health;

/// <summary>
/// <c>healthcheck</c>: asks the proxy that runs with the same configuration, so that a container image without a shell
/// needs no other program for its health check. Without <c>--ready</c> it asks only whether the process works: a
/// supervisor that restarts it would not bring weights or a certificate any sooner.
/// </summary>
internal sealed class HealthCheckCommand(ManagementAddress management) : IProxyCommand
{
    /// <summary>Shorter than what supervisors allow by default (Docker: 30 s), so that the reason is still printed.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public Command Create()
    {
        var ready = new Option<bool>("--ready") { Description = "Ask whether requests can be served: upstreams, certificate, not shutting down." };
        var command = new Command("healthcheck", "Ask the running proxy for its health. Exit code 0: healthy.") { ready };
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetValue(ready), result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(bool ready, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        Uri url;
        try
        {
            url = new Uri(management.Get(), ready ? DefaultEndpointsExtensions.ReadyPath : DefaultEndpointsExtensions.LivePath);
        }
        catch (OptionsValidationException invalid)
        {
            await error.WriteLineAsync(string.Join(Environment.NewLine, invalid.Failures));
            return 1;
        }

        // HTTP_PROXY of the environment is for the way out, not for the process next door.
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
#pragma warning disable CA5399 // Plain HTTP on loopback: there is no certificate.
        using var client = new HttpClient(handler) { Timeout = Timeout };
#pragma warning restore CA5399
        try
        {
            using var response = await client.GetAsync(url, cancellationToken);
            await (response.IsSuccessStatusCode ? output : error).WriteLineAsync(await response.Content.ReadAsStringAsync(cancellationToken));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            await error.WriteLineAsync($"{url} does not answer: {exception.Message}");
            return 1;
        }
    }
}
