namespace VllmSecure.Proxy.Exchange;

/// <summary>The error shape that the clients of an endpoint understand.</summary>
internal enum ErrorDialect
{
    OpenAI,
    Anthropic,
}
