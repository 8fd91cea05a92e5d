using CsCheck;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Tests.Telemetry;

public sealed class SafePathTests
{
    [Theory]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("/v1/v1/chat/completions", "/v1/v1/chat/completions")]
    [InlineData("/chat/completions/", "/chat/completions/")]
    [InlineData("/v1/responses/resp_1234", "/v1/responses/*")]
    [InlineData("/sk-secret", "/*")]
    [InlineData("/tenant/v1/models", "/*/v1/models")]
    [InlineData("/v1//models", "/v1//models")]
    [InlineData("/v1/v1/v1/v1/v1/v1/v1/v1/v1/v1", "/v1/v1/v1/v1/v1/v1/v1/v1")]
    public void Of_UnknownEndpoint_KeepsKnownWordsOnly(string path, string expected) =>
        Assert.Equal(expected, SafePath.Of(endpoint: null, path));

    [Fact]
    public void Of_KnownEndpoint_IsItsTemplate()
    {
        var endpoint = new ApiEndpoint("/v1/responses/{id}", EndpointClass.Inference, "GET");

        Assert.Equal("/v1/responses/{id}", SafePath.Of(endpoint, "/v1/responses/resp_1234"));
    }

    [Fact]
    public void Of_AnySecretInAnyPlace_IsHidden() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 14, 40], Gen.Int[0, 6]).Sample((secret, depth) =>
        {
            var path = string.Concat(Enumerable.Repeat("/v1", depth)) + "/" + secret + "/models";

            Assert.DoesNotContain(secret, SafePath.Of(endpoint: null, path), StringComparison.Ordinal);
        });
}
