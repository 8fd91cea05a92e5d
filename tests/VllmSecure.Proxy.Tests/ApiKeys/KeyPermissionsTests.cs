using VllmSecure.Proxy.ApiKeys;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Tests.ApiKeys;

public sealed class KeyPermissionsTests
{
    private static readonly ApiEndpoint Chat = new("/v1/chat/completions", EndpointClass.Inference, "POST");
    private static readonly ApiEndpoint Listing = new("/v1/models", EndpointClass.Models, "GET");
    private static readonly ApiEndpoint OneModel = new("/v1/models/{id}", EndpointClass.Models, "GET");

    [Theory]
    [InlineData(new string[0], "anything", true)]
    [InlineData(new[] { "Qwen/*" }, "Qwen/Qwen3-0.6B", true)]
    [InlineData(new[] { "Qwen/*" }, "qwen/Qwen3-0.6B", false)]
    [InlineData(new[] { "a", "b" }, "b", true)]
    [InlineData(new[] { "a", "b" }, "ab", false)]
    [InlineData(new[] { "a" }, null, false)]
    public void Check_Model_HeldToTheKeysList(string[] models, string? asked, bool allowed)
    {
        var refusal = Check(Chat, new ClientIdentity("ci") { Models = models }, asked);
        Assert.Equal(allowed, refusal is null);
        if (!allowed)
        {
            Assert.Equal((403, "permission_error", "model_not_allowed", "model"), (refusal!.Status, refusal.Type, refusal.Code, refusal.Param));
            Assert.Contains("'ci'", refusal.Message, StringComparison.Ordinal);
            Assert.EndsWith($"It may use: {string.Join(", ", models)}.", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/v1/chat/completions", true)]
    [InlineData("/v1/chat/*", true)]
    [InlineData("inference", true)]
    [InlineData("Inference", true)]
    [InlineData("models", false)]
    [InlineData("/v1/chat", false)]
    [InlineData("/v1/embeddings", false)]
    public void Check_Endpoint_ByPathPatternOrClass(string allowedEndpoint, bool allowed)
    {
        var refusal = Check(Chat, new ClientIdentity("ci") { Endpoints = [allowedEndpoint] }, "any");
        Assert.Equal(allowed, refusal is null);
        if (!allowed)
        {
            Assert.Equal((403, "permission_error", "endpoint_not_allowed"), (refusal!.Status, refusal.Type, refusal.Code));
            Assert.Contains("/v1/chat/completions", refusal.Message, StringComparison.Ordinal);
            Assert.Contains(allowedEndpoint, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Check_ListingWithLimitedModels_Passes() =>
        Assert.Null(Check(Listing, new ClientIdentity("ci") { Models = ["a"] }, model: null));

    [Theory]
    [InlineData("a", true)]
    [InlineData("b", false)]
    public void Check_OneModelById_HeldToTheKeysList(string id, bool allowed)
    {
        using var exchange = Exchange(OneModel, new ClientIdentity("ci") { Models = ["a"] });
        exchange.ResourceId = id;
        Assert.Equal(allowed, KeyPermissions.Check(exchange) is null);
    }

    [Fact]
    public void Check_KeptResponseWithLimitedModels_Passes()
    {
        var kept = new ApiEndpoint("/v1/responses/{id}", EndpointClass.Inference, "GET") { IsStateful = true };
        using var exchange = Exchange(kept, new ClientIdentity("ci") { Models = ["a"] });
        Assert.Null(KeyPermissions.Check(exchange));
    }

    private static ApiError? Check(ApiEndpoint endpoint, ClientIdentity client, string? model)
    {
        using var exchange = Exchange(endpoint, client);
        exchange.Request = new RequestFacts { Model = model };
        return KeyPermissions.Check(exchange);
    }

    private static ProxyExchange Exchange(ApiEndpoint endpoint, ClientIdentity client) =>
        new("req_1", ListenerRole.Inference, 1, CancellationToken.None) { Endpoint = endpoint, Client = client };
}
