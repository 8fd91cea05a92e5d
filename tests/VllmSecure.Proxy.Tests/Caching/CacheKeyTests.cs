using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using VllmSecure.Proxy.Caching;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Inspection;

namespace VllmSecure.Proxy.Tests.Caching;

public sealed class CacheKeyTests
{
    private static readonly ApiEndpoint Endpoint = new("/v1/embeddings", EndpointClass.Inference, "POST");

    [Theory]
    [InlineData("""{"model":"m","input":"a b"}""")]
    [InlineData("""{ "input" : "a b", "model" : "m" }""")]
    [InlineData("{\n\t\"model\": \"m\",\n\t\"input\": \"a b\"\n}")]
    public void Of_TheSameRequestWrittenOtherwise_IsTheSame(string json) => Assert.Equal(Key("""{"model":"m","input":"a b"}"""), Key(json));

    [Theory]
    [InlineData("""{"model":"n","input":"a b"}""")]
    [InlineData("""{"model":"m","input":"a  b"}""")]
    [InlineData("""{"model":"m","input":["a b"]}""")]
    [InlineData("""{"model":"m","input":"a b","user":"u"}""")]
    [InlineData("""{"model":"m","input":"a b","dimensions":null}""")]
    [InlineData("""{"model":"minput","x":"a b"}""")]
    public void Of_AnotherRequest_IsAnother(string json) => Assert.NotEqual(Key("""{"model":"m","input":"a b"}"""), Key(json));

    [Theory]
    [InlineData("""{"input":["a","b"]}""", """{"input":["ab"]}""")]
    [InlineData("""{"input":["a",["b"]]}""", """{"input":[["a"],"b"]}""")]
    [InlineData("""{"input":1}""", """{"input":"1"}""")]
    [InlineData("""{"input":true}""", """{"input":"true"}""")]
    [InlineData("""{"input":{"a":"b"}}""", """{"input":["a","b"]}""")]
    public void Of_ValuesThatLookAlike_Differ(string one, string other) => Assert.NotEqual(Key(one), Key(other));

    [Fact]
    public void Of_AnotherOwnerOrEndpoint_IsAnother()
    {
        const string Json = """{"model":"m","input":"a"}""";
        CacheKey[] keys = [Key(Json), Key(Json, "a"), Key(Json, "b"), Key(Json, string.Empty), Key(Json, null, new ApiEndpoint("/v1/score", EndpointClass.Inference, "POST"))];

        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    private static CacheKey Key(string json, string? owner = null, ApiEndpoint? endpoint = null)
    {
        var bytes = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json));
        var scan = RequestScanner.Scan(bytes, new InspectionOptions());
        Assert.Null(scan.Error);
        return CacheKey.Of(endpoint ?? Endpoint, owner, new RequestBody(new DefaultHttpContext().Request, bytes, scan.Root, scan.Members));
    }
}
