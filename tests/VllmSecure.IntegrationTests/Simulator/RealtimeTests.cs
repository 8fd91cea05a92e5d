using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace VllmSecure.IntegrationTests.Simulator;

public class RealtimeTests
{
    [Fact]
    public async Task Session_AudioCommitted_IsTranscribed()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(client.Vllm.Address) { Scheme = "ws", Path = "/v1/realtime" }.Uri, CancellationToken.None);
        Assert.Equal("session.created", (string?)(await ReceiveAsync(socket))["type"]);

        await socket.SendAsync(Encoding.UTF8.GetBytes("""{"type":"input_audio_buffer.commit"}"""), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var text = new StringBuilder();
        JsonNode message;
        while ((string?)(message = await ReceiveAsync(socket))["type"] == "transcription.delta")
        {
            text.Append((string?)message["delta"]);
        }

        Assert.Equal(("transcription.done", text.ToString()), ((string?)message["type"], (string?)message["text"]));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, CancellationToken.None).WaitAsync(SimulatorClient.Patience);
        Assert.Equal(VllmSecure.Simulator.RequestEnd.Completed, await client.Vllm.Journal.Requests[0].Ended.WaitAsync(SimulatorClient.Patience));
    }

    [Fact]
    public async Task Session_PlainRequest_IsNoRoute()
    {
        await using var client = await SimulatorClient.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await client.Http.GetAsync("/v1/realtime")).StatusCode);
    }

    private static async Task<JsonNode> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(SimulatorClient.Patience);
        return JsonNode.Parse(buffer.AsSpan(0, received.Count))!;
    }
}
