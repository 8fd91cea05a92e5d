namespace VllmSecure.Proxy.Inspection;

/// <summary>What a member of the root object means to the scanner.</summary>
internal enum RequestMember
{
    Other,
    Model,
    Stream,
    StreamOptions,
    MaxTokens,
    Choices,

    /// <summary>Its strings go into the prompt.</summary>
    Text,

    /// <summary>Its strings go into the prompt, and its numbers are token ids.</summary>
    TextOrTokens,
}
