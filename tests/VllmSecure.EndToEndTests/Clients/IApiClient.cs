namespace VllmSecure.EndToEndTests.Clients;

/// <summary>One client library, reduced to what each of them must be able to do through the proxy.</summary>
internal interface IApiClient
{
    Task<string[]> ListModelsAsync();

    Task<string> ChatAsync();

    /// <summary>The texts of the stream's events.</summary>
    Task<string[]> StreamChatAsync();

    /// <summary>Name and arguments of the tool that the model wants to have called.</summary>
    Task<ToolCall> CallToolAsync();

    /// <summary>The numbers of one text's embedding.</summary>
    Task<float[]> EmbedAsync();

    Task<string> RespondAsync();

    /// <summary>The texts of the stream's events.</summary>
    Task<string[]> StreamResponseAsync();

    /// <summary>Asks for a chat completion that must fail, and returns the library's error.</summary>
    Task<ClientError> FailAsync();
}
