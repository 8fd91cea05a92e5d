using System.Net.WebSockets;
using System.Text.Json;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Realtime;

/// <summary>
/// WebSocket /v1/realtime: a session that greets, takes audio, and on each commit sends a transcription word by word.
/// </summary>
internal static class RealtimeEndpoint
{
    // One message of audio in base64; longer ones are cut off and answered as malformed.
    private const int MaxMessageBytes = 1024 * 1024;

    public static async Task HandleAsync(Exchange exchange)
    {
        if (!exchange.Http.WebSockets.IsWebSocketRequest)
        {
            // A WebSocket route is no route to a plain request.
            throw ApiException.Framework(StatusCodes.Status404NotFound);
        }

        using var socket = await exchange.Http.WebSockets.AcceptWebSocketAsync();
        await SendAsync(exchange, socket, "session.created", json =>
        {
            json.WriteString("id", exchange.NewId("sess-"));
            json.WriteNumber("created", exchange.Server.UnixTime);
        });
        var buffer = new byte[MaxMessageBytes];
        while (await ReceiveAsync(exchange, socket, buffer) is { } type)
        {
            switch (type)
            {
                case "input_audio_buffer.commit":
                    await TranscribeAsync(exchange, socket);
                    break;
                case "session.update" or "input_audio_buffer.append":
                    break;
                default:
                    await SendAsync(exchange, socket, "error", json => json.WriteString("error", $"Unknown event type: {type}"));
                    break;
            }
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, exchange.Aborted);
    }

    private static async Task TranscribeAsync(Exchange exchange, WebSocket socket)
    {
        IReadOnlyList<string> prompt = [.. Enumerable.Range(0, SimulatedTokenizer.TokensPerMediaPart).Select(index => $"<audio{index}>")];
        var choice = Planner.Plan(exchange.Options, prompt, new Sampling(), choice: 0);
        using var sequence = exchange.Admit(new GenerationPlan([prompt], [choice], CacheSalt: string.Empty));
        await sequence.PrefillAsync(exchange.Aborted);
        await foreach (var token in sequence.DecodeAsync(exchange.Aborted))
        {
            await SendAsync(exchange, socket, "transcription.delta", json => Json.WriteText(json, "delta", token.Piece.Text));
        }

        sequence.Finish();
        await SendAsync(exchange, socket, "transcription.done", json => Json.WriteText(json, "text", choice.Text(PieceKind.Content)));
    }

    /// <summary>The type of the next event; <see langword="null"/> when the client closes.</summary>
    private static async Task<string?> ReceiveAsync(Exchange exchange, WebSocket socket, byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), exchange.Aborted);
            length += received.Count;
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            if (received.EndOfMessage || length == buffer.Length)
            {
                return TypeOf(buffer.AsMemory(0, length));
            }
        }
    }

    private static string TypeOf(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return Json.String(document.RootElement, "type") ?? "none";
        }
        catch (JsonException)
        {
            return "malformed";
        }
    }

    private static async Task SendAsync(Exchange exchange, WebSocket socket, string type, Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Json.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            write(json);
            json.WriteEndObject();
        }

        await socket.SendAsync(buffer.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, exchange.Aborted);
    }
}
