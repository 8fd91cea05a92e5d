namespace VllmSecure.Proxy.Exchange;

/// <summary>Tokens as vLLM's own <c>usage</c> reports them.</summary>
/// <param name="Input">Prompt tokens, cached ones included.</param>
/// <param name="Output">Generated tokens.</param>
/// <param name="CachedInput">Prompt tokens served from the prefix cache; 0 where vLLM does not say.</param>
internal readonly record struct TokenUsage(long Input, long Output, long CachedInput = 0)
{
    public long Total => Input + Output;
}
