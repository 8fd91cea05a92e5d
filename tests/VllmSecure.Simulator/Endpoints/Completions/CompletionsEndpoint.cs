using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Completions;

/// <summary>POST /v1/completions.</summary>
internal static class CompletionsEndpoint
{
    public static async Task HandleAsync(Exchange exchange)
    {
        var request = CompletionsRequest.Read(exchange);
        using var sequence = exchange.Admit(request.Plan);
        var answer = new CompletionsAnswer(exchange, request);
        if (request.Stream.Enabled)
        {
            await exchange.StreamAsync(stream => StreamAsync(exchange, request, sequence, answer, stream));
            return;
        }

        await exchange.CompleteAsync(sequence);
        await exchange.WriteJsonAsync(answer.WriteWhole);
    }

    private static async Task StreamAsync(
        Exchange exchange, CompletionsRequest request, Sequence sequence, CompletionsAnswer answer, SseStream stream)
    {
        await sequence.PrefillAsync(exchange.Aborted);
        if (request.Echo)
        {
            for (var choice = 0; choice < request.Plan.Choices.Count; choice++)
            {
                var (index, text) = (choice, answer.Prompt(choice));
                await stream.SendAsync(json => answer.WriteChunk(json, index, text, ended: null));
            }
        }

        await foreach (var token in exchange.DecodeAsync(sequence, streaming: true, exchange.Aborted))
        {
            answer.Count();
            if (token.Piece.Text.Length > 0 || token.IsLast)
            {
                var ended = token.IsLast ? request.Plan.Choices[token.Choice] : null;
                await stream.SendAsync(json => answer.WriteChunk(json, token.Choice, token.Piece.Text, ended));
            }
        }

        if (request.Stream.IncludeUsage)
        {
            await stream.SendAsync(answer.WriteUsage);
        }

        await stream.DoneAsync();
    }
}
