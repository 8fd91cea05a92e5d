using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Chat;

/// <summary>POST /v1/chat/completions.</summary>
internal static class ChatEndpoint
{
    public static async Task HandleAsync(Exchange exchange)
    {
        var request = ChatRequest.Read(exchange);
        using var sequence = exchange.Admit(request.Plan);
        var answer = new ChatAnswer(exchange, request);
        if (request.Stream.Enabled)
        {
            await exchange.StreamAsync(stream => StreamAsync(exchange, request, sequence, answer, stream));
            return;
        }

        await exchange.CompleteAsync(sequence);
        await exchange.WriteJsonAsync(answer.WriteWhole);
    }

    private static async Task StreamAsync(Exchange exchange, ChatRequest request, Sequence sequence, ChatAnswer answer, SseStream stream)
    {
        await sequence.PrefillAsync(exchange.Aborted);
        for (var choice = 0; choice < request.Plan.Choices.Count; choice++)
        {
            var index = choice;
            await stream.SendAsync(json => answer.WriteFirst(json, index));
        }

        await foreach (var token in exchange.DecodeAsync(sequence, streaming: true, exchange.Aborted))
        {
            answer.Count();
            var ends = token.IsLast && answer.EndsWithLastToken(token.Choice);
            if (token.Piece.Text.Length > 0 || ends)
            {
                await stream.SendAsync(json => answer.WriteDelta(json, token, ends));
            }

            if (token.IsLast && !ends)
            {
                await stream.SendAsync(json => answer.WriteFinish(json, token.Choice));
            }
        }

        if (request.Stream.IncludeUsage)
        {
            await stream.SendAsync(answer.WriteUsage);
        }

        await stream.DoneAsync();
    }
}
