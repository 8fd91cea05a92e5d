using System.Globalization;

namespace VllmSecure.AppHost.SecureProxy;

/// <summary>What a test prompt brought.</summary>
/// <param name="Text">The answer.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CompletionTokens">Tokens of the answer.</param>
/// <param name="TimeToFirstToken">Until the first token arrived.</param>
/// <param name="Total">Until the end of the stream.</param>
internal sealed record TestPromptResult(string Text, int PromptTokens, int CompletionTokens, TimeSpan TimeToFirstToken, TimeSpan Total)
{
    /// <summary>One line for the dashboard.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{PromptTokens} + {CompletionTokens} tokens, first token after {TimeToFirstToken.TotalMilliseconds:0} ms, all after {Total.TotalMilliseconds:0} ms");
}
