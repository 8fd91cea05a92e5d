using System.Buffers.Binary;
using System.Net;

namespace VllmSecure.IntegrationTests.Simulator;

public class PoolingTests
{
    [Fact]
    public async Task Embeddings_FloatsAndBase64_AreTheSameUnitVectors()
    {
        await using var client = await SimulatorClient.StartAsync();
        var floats = await client.PostOkAsync("/v1/embeddings", """{"model":"m","input":["one two","three"],"dimensions":8}""");
        Assert.Equal((3, 3), ((int)floats["usage"]!["prompt_tokens"]!, (int)floats["usage"]!["total_tokens"]!));
        var vector = floats["data"]![0]!["embedding"]!.AsArray().Select(value => (float)value!).ToList();
        Assert.Equal(8, vector.Count);
        Assert.Equal(1, vector.Sum(value => value * value), precision: 5);

        var base64 = await client.PostOkAsync("/v1/embeddings", """{"model":"m","input":"one two","dimensions":8,"encoding_format":"base64"}""");
        var bytes = Convert.FromBase64String((string)base64["data"]![0]!["embedding"]!);
        Assert.Equal(vector, bytes.Chunk(4).Select(chunk => BinaryPrimitives.ReadSingleLittleEndian(chunk)));
    }

    [Theory]
    [InlineData("/v1/score")]
    [InlineData("/score")]
    public async Task Score_OneToMany_ScoresLikenessHigher(string path)
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(path, """{"model":"m","text_1":"a cat","text_2":["a cat","a dog","rain"]}""");
        var scores = answer["data"]!.AsArray().Select(item => (double)item!["score"]!).ToList();
        Assert.Equal(1, scores[0]);
        Assert.True(scores[0] > scores[1] && scores[1] > scores[2]);
    }

    [Fact]
    public async Task Score_UnequalLists_AreRefused()
    {
        await using var client = await SimulatorClient.StartAsync();
        var (status, _) = await client.PostAsync("/score", """{"model":"m","text_1":["a","b"],"text_2":["a","b","c"]}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Theory]
    [InlineData("/rerank")]
    [InlineData("/v1/rerank")]
    [InlineData("/v2/rerank")]
    public async Task Rerank_TopN_IsSortedByRelevance(string path)
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(path, """{"model":"m","query":"a cat","documents":["rain","a dog","a cat"],"top_n":2}""");
        Assert.Equal([2, 1], answer["results"]!.AsArray().Select(result => (int)result!["index"]!));
        Assert.Equal("a cat", (string?)answer["results"]![0]!["document"]!["text"]);
    }

    [Theory]
    [InlineData("/pooling", "data")]
    [InlineData("/classify", "probs")]
    public async Task Pooling_Text_GivesNumbers(string path, string member)
    {
        await using var client = await SimulatorClient.StartAsync();
        var answer = await client.PostOkAsync(path, """{"model":"m","input":"one two"}""");
        Assert.NotEmpty(answer["data"]![0]![member]!.AsArray());
        Assert.Equal(2, (int)answer["usage"]!["prompt_tokens"]!);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "chat.completion")]
    [InlineData("""{"prompt":"x"}""", "text_completion")]
    [InlineData("""{"input":"x"}""", "list")]
    public async Task Invocations_AnyBody_IsInference(string body, string kind)
    {
        await using var client = await SimulatorClient.StartAsync();
        Assert.Equal(kind, (string?)(await client.PostOkAsync("/invocations", body))["object"]);
    }

    [Fact]
    public async Task Transcription_File_GivesText()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var form = new MultipartFormDataContent { { new StringContent("m"), "model" }, { new ByteArrayContent([1, 2, 3]), "file", "a.wav" } };
        using var response = await client.Http.PostAsync("/v1/audio/transcriptions", form);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("\"text\":", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
