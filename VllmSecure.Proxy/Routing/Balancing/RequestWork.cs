using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Routing.Balancing;

/// <summary>A request's work in tokens, before anybody knows it.</summary>
internal static class RequestWork
{
    /// <summary>What a completion without a limit is taken for; chat answers are a few hundred tokens long.</summary>
    private const long TypicalOutput = 256;

    /// <summary>A limit is a bound and not a forecast: a generous one must not make its server look full.</summary>
    private const long LongestOutput = 1024;

    /// <summary>A request that nobody read (audio, a GET) counts as a small one.</summary>
    private const long Unread = 64;

    /// <summary>The longest credible prompt; the estimate goes by the client's bytes.</summary>
    private const long LongestInput = 1_000_000;

    public static long TokensOf(RequestFacts? request)
    {
        if (request is null)
        {
            return Unread;
        }

        var choices = Math.Clamp(request.Choices, 1, 16);
        var output = Math.Clamp(request.MaxOutputTokens ?? TypicalOutput, 1, LongestOutput) * choices;
        return Math.Clamp(request.EstimatedInputTokens, 1, LongestInput) + output;
    }
}
