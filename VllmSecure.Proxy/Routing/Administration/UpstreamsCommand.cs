using System.CommandLine;
using System.Net;
using System.Text.Json;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.Routing.Administration;

/// <summary><c>upstreams list|drain|undrain</c>: asks the running proxy over its management port.</summary>
internal sealed class UpstreamsCommand(ManagementClient client) : IProxyCommand
{
    public Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var list = new Command("list", "Show every model server with its state and load.") { json };
        list.SetAction((result, cancellation) => client.AskAsync(result, http => ListAsync(http, result, result.GetValue(json), cancellation)));
        return new Command("upstreams", "Show the model servers of the running proxy, take them out of service and back.")
        {
            list,
            Create(DrainEndpoints.Drain, "Send an upstream nothing new; what it works on is finished."),
            Create(DrainEndpoints.Undrain, "Take an upstream back into service; its share grows slowly."),
        };
    }

    private Command Create(string action, string description)
    {
        var name = new Argument<string>("name") { Description = "The upstream's name in the configuration." };
        var command = new Command(action, description) { name };
        command.SetAction((result, cancellation) => client.AskAsync(result, http => PostAsync(http, result, result.GetValue(name)!, action, cancellation)));
        return command;
    }

    private static async Task<int> PostAsync(HttpClient http, ParseResult result, string name, string action, CancellationToken cancellation)
    {
        using var response = await ManagementClient.PostAsync(http, DrainEndpoints.PathOf(name, action), cancellation);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync($"There is no upstream '{name}'. 'upstreams list' shows their names.");
            return 1;
        }

        response.EnsureSuccessStatusCode();
        return 0;
    }

    private static async Task<int> ListAsync(HttpClient http, ParseResult result, bool json, CancellationToken cancellation)
    {
        using var status = JsonDocument.Parse(await http.GetByteArrayAsync("/status", cancellation));
        var servers = status.RootElement.GetProperty("upstreams"u8).Deserialize(RoutingJson.Default.ServerStatusArray)!;
        await result.InvocationConfiguration.Output.WriteAsync(
            json ? JsonSerializer.Serialize(servers, RoutingJson.Default.ServerStatusArray) + Environment.NewLine : ServersTable.Format(servers));
        return 0;
    }
}
