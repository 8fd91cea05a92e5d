using System.Buffers;
using System.Text.Json;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Responses;

/// <summary>POST /v1/responses, GET /v1/responses/{id}, POST /v1/responses/{id}/cancel.</summary>
internal static class ResponsesEndpoint
{
    // Enough for any test, and a bound for a simulator that runs for days.
    private const int MaxStored = 1000;

    public static async Task HandleAsync(Exchange exchange)
    {
        var request = ResponsesRequest.Read(exchange);
        using var sequence = exchange.Admit(request.Plan);
        var answer = new ResponsesAnswer(exchange, request);
        if (request.Stream)
        {
            await exchange.StreamAsync(
                stream => new ResponsesEvents(stream, answer).RunAsync(exchange, sequence),
                (stream, error) => stream.SendAsync(json => ResponsesAnswer.WriteError(json, error), "error"));
        }
        else
        {
            await exchange.CompleteAsync(sequence);
            await exchange.WriteJsonAsync(answer.WriteWhole);
        }

        if (request.Store)
        {
            Store(exchange, answer);
        }
    }

    public static Task GetAsync(Exchange exchange) => exchange.WriteAsync(Find(exchange), "application/json");

    /// <summary>Only background responses can be cancelled, and the simulator has none.</summary>
    public static Task CancelAsync(Exchange exchange)
    {
        _ = Find(exchange);
        throw ApiException.BadRequest("Cannot cancel a synchronous response.", "response_id");
    }

    private static ReadOnlyMemory<byte> Find(Exchange exchange)
    {
        var id = exchange.Record.Path.Split('/')[3];
        return exchange.Server.StoredResponses.TryGetValue(id, out var stored)
            ? stored
            : throw new ApiException(StatusCodes.Status404NotFound, "NotFoundError", $"Response with id '{id}' not found.", "response_id");
    }

    private static void Store(Exchange exchange, ResponsesAnswer answer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Json.WriterOptions))
        {
            answer.WriteWhole(json);
        }

        if (exchange.Server.StoredResponses.Count >= MaxStored)
        {
            exchange.Server.StoredResponses.Clear();
        }

        exchange.Server.StoredResponses[answer.Id] = buffer.WrittenMemory;
    }
}
