using System.Text.Json;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Responses;

/// <summary>The events of one streamed response, numbered in order; there is no [DONE] after them.</summary>
internal sealed class ResponsesEvents(SseStream stream, ResponsesAnswer answer)
{
    private int _sequenceNumber;
    private int _outputIndex = -1;
    private string? _item;

    public async Task RunAsync(Exchange exchange, Sequence sequence)
    {
        await SendResponseAsync("response.created", finished: false);
        await SendResponseAsync("response.in_progress", finished: false);
        await sequence.PrefillAsync(exchange.Aborted);
        await foreach (var token in exchange.DecodeAsync(sequence, streaming: true, exchange.Aborted))
        {
            var item = ResponsesAnswer.ItemOf(token.Piece.Kind);
            if (item != _item)
            {
                await CloseItemAsync();
                await OpenItemAsync(item);
            }

            if (token.Piece is { Kind: not PieceKind.ToolName, Text.Length: > 0 })
            {
                await SendInItemAsync(Name("delta"), json => Json.WriteText(json, "delta", token.Piece.Text));
            }
        }

        await CloseItemAsync();
        await SendResponseAsync(answer.Choice.FinishReason == "length" ? "response.incomplete" : "response.completed", finished: true);
    }

    /// <summary>What an event about the current item's text is called.</summary>
    private string Name(string step) => _item switch
    {
        "reasoning" => "response.reasoning_text." + step,
        "message" => "response.output_text." + step,
        _ => "response.function_call_arguments." + step,
    };

    private async Task OpenItemAsync(string item)
    {
        _item = item;
        _outputIndex++;
        await SendItemAsync("response.output_item.added", finished: false);
        if (item != "function_call")
        {
            await SendInItemAsync("response.content_part.added", json => WritePart(json, finished: false));
        }
    }

    private async Task CloseItemAsync()
    {
        if (_item is null)
        {
            return;
        }

        if (_item == "function_call")
        {
            await SendInItemAsync(Name("done"), json =>
            {
                json.WriteString("name", answer.Choice.Text(PieceKind.ToolName));
                Json.WriteText(json, "arguments", answer.Choice.Text(PieceKind.ToolArguments));
            });
        }
        else
        {
            var kind = _item == "reasoning" ? PieceKind.Reasoning : PieceKind.Content;
            await SendInItemAsync(Name("done"), json => Json.WriteText(json, "text", answer.Choice.Text(kind)));
            await SendInItemAsync("response.content_part.done", json => WritePart(json, finished: true));
        }

        await SendItemAsync("response.output_item.done", finished: true);
    }

    private void WritePart(Utf8JsonWriter json, bool finished)
    {
        json.WritePropertyName("part");
        answer.WritePart(json, _item!, finished);
    }

    private Task SendResponseAsync(string type, bool finished) => SendAsync(type, json =>
    {
        json.WritePropertyName("response");
        answer.WriteResponse(json, finished);
    });

    private Task SendItemAsync(string type, bool finished) => SendAsync(type, json =>
    {
        json.WriteNumber("output_index", _outputIndex);
        json.WritePropertyName("item");
        answer.WriteItem(json, _item!, finished);
    });

    private Task SendInItemAsync(string type, Action<Utf8JsonWriter> write) => SendAsync(type, json =>
    {
        json.WriteString("item_id", answer.ItemId(_item!));
        json.WriteNumber("output_index", _outputIndex);
        if (_item != "function_call")
        {
            json.WriteNumber("content_index", 0);
        }

        write(json);
        if (type.StartsWith("response.output_text", StringComparison.Ordinal))
        {
            json.WriteStartArray("logprobs");
            json.WriteEndArray();
        }
    });

    private Task SendAsync(string type, Action<Utf8JsonWriter> write) => stream.SendAsync(
        json =>
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteNumber("sequence_number", _sequenceNumber++);
            write(json);
            json.WriteEndObject();
        },
        type);
}
