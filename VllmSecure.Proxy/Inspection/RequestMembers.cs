namespace VllmSecure.Proxy.Inspection;

/// <summary>The members that the proxy reads, over all request formats.</summary>
internal static class RequestMembers
{
    public static RequestMember Find(string name) => name switch
    {
        "model" => RequestMember.Model,
        "stream" => RequestMember.Stream,
        "stream_options" => RequestMember.StreamOptions,
        "max_tokens" or "max_completion_tokens" or "max_output_tokens" => RequestMember.MaxTokens,
        "n" => RequestMember.Choices,
        "messages" or "system" or "instructions" or "tools" or "suffix" or "documents"
            or "queries" or "text" or "texts" or "inputs" or "text_1" or "text_2" or "data_1" or "data_2" => RequestMember.Text,
        "prompt" or "input" or "query" or "items" => RequestMember.TextOrTokens,
        _ => RequestMember.Other,
    };
}
