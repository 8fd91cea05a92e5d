using System.CommandLine;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Commands;

/// <summary>Asks the running proxy over its management port, for commands of another process.</summary>
internal sealed class ManagementClient(ManagementAddress management)
{
    /// <summary>Runs <paramref name="ask"/>; that no proxy answers there is a sentence and exit code 1.</summary>
    public async Task<int> AskAsync(ParseResult result, Func<HttpClient, Task<int>> ask)
    {
        // HTTP_PROXY of the environment is for the way out, not for the process next door.
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
#pragma warning disable CA5399 // Plain HTTP on loopback: there is no certificate.
        using var http = new HttpClient(handler);
#pragma warning restore CA5399
        try
        {
            http.BaseAddress = management.Get();
            return await ask(http);
        }
        catch (OptionsValidationException invalid)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(string.Join(Environment.NewLine, invalid.Failures));
            return 1;
        }
        catch (HttpRequestException exception)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(
                $"No proxy answers at {http.BaseAddress} ({exception.HttpRequestError}). Is it running, and are Management:Address and Management:Port the same here?");
            return 1;
        }
    }

    /// <summary>Sends a command as <see cref="ManagementCommands"/> takes it.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient http, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Headers = { { ManagementCommands.Header, "1" } } };
        return await http.SendAsync(request, cancellationToken);
    }
}
