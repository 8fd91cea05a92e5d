using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// Asks vLLM for the usage of a stream where the client did not: quotas and accounts are settled by vLLM's own count. The
/// event that comes of it is taken out of the client's stream again.
/// </summary>
internal static class UsageRequest
{
    /// <summary>The formats that leave usage out of a stream unless asked; the others always have it.</summary>
    public static bool IsNeeded(ApiEndpoint endpoint, RequestFacts facts) =>
        endpoint.Format is WireFormat.ChatCompletions or WireFormat.Completions && facts is { Stream: true, IncludeUsage: false };

    /// <summary>
    /// Replaces <c>stream_options</c> whole: without usage its other switches (continuous usage) mean nothing, and with
    /// it they would show the client what it did not ask for.
    /// </summary>
    public static void Add(RequestBody body) => body.SetMember("stream_options", """{"include_usage":true}"""u8);
}
