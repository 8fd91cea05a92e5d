using System.Text.Json;
using VllmSecure.IntegrationTests.Harness;

namespace VllmSecure.EndToEndTests.Clients;

/// <summary>What users do with a client library, and the errors that their programs are written to handle.</summary>
public abstract class ClientContract(ServedModel served) : IClassFixture<ServedModel>
{
    /// <summary>The library's own name for its authentication error, not-found error and error of a busy service.</summary>
    private protected abstract (string Authentication, string NotFound, string Busy) ErrorNames { get; }

    [Fact]
    public async Task Models_List_HasTheServedModel() =>
        Assert.Equal([ServedModel.Name], await Connect().ListModelsAsync());

    [Fact]
    public async Task Chat_NotStreamed_HasText() =>
        Assert.NotEmpty(await Connect().ChatAsync());

    [Fact]
    public async Task Chat_Streamed_HasTheSameTextInManyPieces()
    {
        var client = Connect();

        var pieces = await client.StreamChatAsync();

        Assert.True(pieces.Length > 3, $"{pieces.Length} pieces");
        Assert.Equal(await client.ChatAsync(), string.Concat(pieces));
    }

    [Fact]
    public async Task Chat_WithTools_CallsTheToolWithItsArguments()
    {
        var call = await Connect().CallToolAsync();

        Assert.Equal(Prompts.ToolName, call.Name);
        using var arguments = JsonDocument.Parse(call.Arguments);
        Assert.Equal("Zürich", arguments.RootElement.GetProperty("city").GetString());
    }

    [Fact]
    public async Task Embeddings_OfOneText_AreAVector()
    {
        var numbers = await Connect().EmbedAsync();

        Assert.Equal(64, numbers.Length);
        Assert.Contains(numbers, number => number != 0);
    }

    [Fact]
    public async Task Responses_NotStreamed_HasText() =>
        Assert.NotEmpty(await Connect().RespondAsync());

    [Fact]
    public async Task Responses_Streamed_HasTheSameTextInManyPieces()
    {
        var client = Connect();

        var pieces = await client.StreamResponseAsync();

        Assert.True(pieces.Length > 3, $"{pieces.Length} pieces");
        Assert.Equal(await client.RespondAsync(), string.Concat(pieces));
    }

    [Fact]
    public async Task WrongKey_Chat_RaisesTheAuthenticationError()
    {
        var error = await Connect(served, key: "wrong-key-0123456789-0123456789-0123456789", ServedModel.Name).FailAsync();

        Assert.Equal(new ClientError(401, ErrorNames.Authentication), error);
    }

    [Fact]
    public async Task UnknownModel_Chat_RaisesTheNotFoundError()
    {
        var error = await Connect(served, ProxyUnderTest.Key, model: "unknown/model").FailAsync();

        Assert.Equal(new ClientError(404, ErrorNames.NotFound), error);
    }

    [Fact]
    public async Task FullQueue_Chat_RaisesTheServiceError()
    {
        await using var busy = new ServedModel { Busy = true };
        await busy.InitializeAsync();

        var error = await Connect(busy, ProxyUnderTest.Key, ServedModel.Name).FailAsync();

        Assert.Equal(new ClientError(503, ErrorNames.Busy), error);
        await busy.Journal.WaitForAsync(request => request.StatusCode == 503).WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>A client that does not retry.</summary>
    private protected abstract IApiClient Connect(ServedModel to, string key, string model);

    private IApiClient Connect() => Connect(served, ProxyUnderTest.Key, ServedModel.Name);
}
