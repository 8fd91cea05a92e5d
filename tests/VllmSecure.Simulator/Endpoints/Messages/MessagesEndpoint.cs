using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Messages;

/// <summary>POST /v1/messages and /v1/messages/count_tokens.</summary>
internal static class MessagesEndpoint
{
    public static async Task HandleAsync(Exchange exchange)
    {
        var request = MessagesRequest.Read(exchange, counting: false);
        using var sequence = exchange.Admit(request.Plan);
        var answer = new MessagesAnswer(exchange, request);
        if (request.Stream)
        {
            await exchange.StreamAsync(
                stream => StreamAsync(exchange, sequence, answer, stream),
                (stream, error) => stream.SendAsync(json => MessagesAnswer.WriteError(json, error), "error"));
            return;
        }

        await exchange.CompleteAsync(sequence);
        await exchange.WriteJsonAsync(answer.WriteWhole);
    }

    public static Task CountAsync(Exchange exchange)
    {
        var request = MessagesRequest.Read(exchange, counting: true);
        exchange.Record.PromptTokens = request.Plan.PromptTokens;
        return exchange.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("input_tokens", request.Plan.PromptTokens);
            json.WriteStartObject("context_management");
            json.WriteNumber("original_input_tokens", request.Plan.PromptTokens);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private static async Task StreamAsync(Exchange exchange, Sequence sequence, MessagesAnswer answer, SseStream stream)
    {
        await sequence.PrefillAsync(exchange.Aborted);
        await stream.SendAsync(answer.WriteStart, "message_start");
        string? open = null;
        var index = -1;
        await foreach (var token in exchange.DecodeAsync(sequence, streaming: true, exchange.Aborted))
        {
            var block = MessagesAnswer.BlockOf(token.Piece.Kind);
            if (block != open)
            {
                if (open is not null)
                {
                    var closing = index;
                    await stream.SendAsync(json => MessagesAnswer.WriteBlockStop(json, closing), "content_block_stop");
                }

                open = block;
                index++;
                var opening = index;
                await stream.SendAsync(json => answer.WriteBlockStart(json, opening, token.Piece.Kind), "content_block_start");
            }

            if (token.Piece is { Kind: not PieceKind.ToolName, Text.Length: > 0 })
            {
                var current = index;
                await stream.SendAsync(json => MessagesAnswer.WriteBlockDelta(json, current, token.Piece), "content_block_delta");
            }
        }

        await stream.SendAsync(json => MessagesAnswer.WriteBlockStop(json, index), "content_block_stop");
        await stream.SendAsync(answer.WriteEnd, "message_delta");
        await stream.SendAsync(MessagesAnswer.WriteStop, "message_stop");
    }
}
