using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Quotas;

/// <summary>The tokens that a request will take at most, as far as it says so itself.</summary>
/// <param name="Input">Of the prompt.</param>
/// <param name="Output">Of the answer.</param>
internal readonly record struct QuotaEstimate(long Input, long Output)
{
    // Far above any context length, and small enough that no sum or product of estimates overflows.
    private const long Most = 1_000_000_000;

    public long Total => Input + Output;

    /// <summary>The estimate for a request; 0 for what no model is asked.</summary>
    public static QuotaEstimate Of(ProxyExchange exchange, int assumedOutputTokens)
    {
        if (exchange.Endpoint?.Operation is not { } operation)
        {
            return default;
        }

        // One at least: who asks a model waits for tokens, also where nothing can be told of them (a recording).
        var input = Math.Max(1, Bounded(exchange.Request?.EstimatedInputTokens ?? 0));
        if (!Generates(operation))
        {
            return new QuotaEstimate(input, 0);
        }

        // Each of several answers to each of several prompts may be as long as the limit.
        var output = Bounded(exchange.Request?.MaxOutputTokens ?? assumedOutputTokens);
        var choices = Bounded(exchange.Request?.Choices ?? 1);
        var prompts = Bounded(exchange.Request?.Prompts ?? 1);
        return new QuotaEstimate(input, Bounded(Bounded(output * choices) * prompts));
    }

    private static long Bounded(long tokens) => Math.Clamp(tokens, 0, Most);

    /// <summary>Whether the answer is made of tokens; embeddings and scores are not.</summary>
    private static bool Generates(string operation) => operation is "chat" or "text_completion" or "transcription" or "translation";
}
