using System.CommandLine;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.Health;

/// <summary><c>drain</c> and <c>undrain</c>: tell the running proxy over its management port.</summary>
internal sealed class DrainCommand(ManagementClient client, string path, string description) : IProxyCommand
{
    public Command Create()
    {
        var command = new Command(path.TrimStart('/'), description);
        command.SetAction((result, cancellation) => client.AskAsync(result, async http =>
        {
            using var response = await ManagementClient.PostAsync(http, path, cancellation);
            response.EnsureSuccessStatusCode();
            await result.InvocationConfiguration.Output.WriteLineAsync(await response.Content.ReadAsStringAsync(cancellation));
            return 0;
        }));
        return command;
    }
}
