#pragma warning disable OPENAI001 // The package marks its Responses part as experimental.
using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;

namespace VllmSecure.EndToEndTests.Clients;

internal sealed class DotnetPackageClient(ServedModel served, string key, string model) : IApiClient
{
    private readonly OpenAIClient _client = new(new ApiKeyCredential(key), new OpenAIClientOptions
    {
        Endpoint = served.Endpoint,
        Transport = new HttpClientPipelineTransport(served.Proxy.CreateClient(key: null)), // Trusts the local CA.
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
    });

    public async Task<string[]> ListModelsAsync()
    {
        var models = await _client.GetOpenAIModelClient().GetModelsAsync();
        return [.. models.Value.Select(listed => listed.Id)];
    }

    public async Task<string> ChatAsync()
    {
        var completion = await _client.GetChatClient(model).CompleteChatAsync(Prompts.Hello);
        return completion.Value.Content[0].Text;
    }

    public async Task<string[]> StreamChatAsync() =>
        await _client.GetChatClient(model).CompleteChatStreamingAsync(Prompts.Hello)
            .SelectMany(update => update.ContentUpdate)
            .Select(part => part.Text)
            .Where(text => text.Length > 0)
            .ToArrayAsync();

    public async Task<ToolCall> CallToolAsync()
    {
        var tool = ChatTool.CreateFunctionTool(Prompts.ToolName, functionParameters: BinaryData.FromString(Prompts.ToolSchema));
        var completion = await _client.GetChatClient(model).CompleteChatAsync([new UserChatMessage(Prompts.Weather)], new ChatCompletionOptions { Tools = { tool } });
        Assert.Equal(ChatFinishReason.ToolCalls, completion.Value.FinishReason);
        var call = Assert.Single(completion.Value.ToolCalls);
        return new ToolCall(call.FunctionName, call.FunctionArguments.ToString());
    }

    public async Task<float[]> EmbedAsync()
    {
        var embedding = await _client.GetEmbeddingClient(model).GenerateEmbeddingAsync(Prompts.Hello);
        return embedding.Value.ToFloats().ToArray();
    }

    public async Task<string> RespondAsync()
    {
        var response = await _client.GetResponsesClient().CreateResponseAsync(model, Prompts.Hello);
        return response.Value.GetOutputText();
    }

    public async Task<string[]> StreamResponseAsync()
    {
        var updates = await _client.GetResponsesClient().CreateResponseStreamingAsync(model, Prompts.Hello);
        return await updates.OfType<StreamingResponseOutputTextDeltaUpdate>().Select(update => update.Delta).ToArrayAsync();
    }

    public async Task<ClientError> FailAsync()
    {
        var exception = await Assert.ThrowsAsync<ClientResultException>(ChatAsync);
        return new ClientError(exception.Status, exception.GetType().Name);
    }
}
