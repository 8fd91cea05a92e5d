using System.Buffers;
using System.Text;
using VllmSecure.Proxy.Inspection;

namespace VllmSecure.Proxy.Tests.Inspection;

public class RequestScannerTests
{
    [Fact]
    public void Scan_ChatRequest_ReadsFacts()
    {
        var scan = Scan("""
            {"model":"qwen","stream":true,"max_tokens":10,"max_completion_tokens":20,"n":3,
             "stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hello"}]}
            """);

        Assert.Null(scan.Error);
        Assert.Equal("qwen", scan.Facts.Model);
        Assert.True(scan.Facts.Stream);
        Assert.True(scan.Facts.IncludeUsage);
        Assert.Equal(20, scan.Facts.MaxOutputTokens);
        Assert.Equal(3, scan.Facts.Choices);
        Assert.Equal(3, scan.Facts.EstimatedInputTokens);
        Assert.Equal(
            "model stream max_tokens max_completion_tokens n stream_options messages",
            string.Join(' ', scan.Members.Select(member => member.Name)));
    }

    [Theory]
    [InlineData("""{"prompt":[1,2,3,4,5]}""", 5)]
    [InlineData("""{"input":"12345678"}""", 2)]
    [InlineData("""{"user":"not in the prompt"}""", 0)]
    [InlineData("""{"messages":[{"content":[{"image_url":{"url":"data:image/png;base64,AAAAAAAAAAAAAAAA"}}]}]}""", 0)]
    [InlineData("""{"messages":[{"content":[{"input_audio":{"data":"AAAAAAAAAAAAAAAA"}}]}]}""", 0)]
    [InlineData("""{"input":[{"image_url":"data:image/png;base64,AAAAAAAAAAAAAAAA"}]}""", 0)]
    [InlineData("""{"prompt":"data:45678"}""", 3)]
    [InlineData("""{"messages":[{"content":"data:45678"}]}""", 3)]
    [InlineData("""{"texts":["1234","5678"]}""", 2)]
    [InlineData("""{"inputs":[{"content":[{"type":"1234","text":"5678"}]}]}""", 2)]
    [InlineData("""{"query":"1234","items":["5678"]}""", 2)]
    [InlineData("""{"query":[1,2],"items":[[3],[4,5]]}""", 5)]
    [InlineData("""{"data_1":"1234","data_2":["5678"]}""", 2)]
    public void Scan_Prompt_EstimatesTokens(string json, int tokens) =>
        Assert.Equal(tokens, Scan(json).Facts.EstimatedInputTokens);

    [Fact]
    public void Scan_PromptInPieces_BeginningLikeADataUrl_IsText()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"prompt":"data:45678"}""");
        Assert.Equal(3, RequestScanner.Scan(Segments.Of(bytes, [13]), new InspectionOptions()).Facts.EstimatedInputTokens);
    }

    [Theory]
    [InlineData("""{"model":"m"}""", 1)]
    [InlineData("""{"prompt":"one"}""", 1)]
    [InlineData("""{"prompt":[1,2,3]}""", 1)]
    [InlineData("""{"prompt":["one","two"]}""", 2)]
    [InlineData("""{"prompt":[[1,2],[3],[4]]}""", 3)]
    [InlineData("""{"messages":[{"content":"a"},{"content":["b"]}]}""", 1)]
    [InlineData("""{"messages":[[{"content":"a"}],[{"content":"b"}]]}""", 2)]
    [InlineData("""{"messages":[{"content":"a"}],"documents":["b","c"]}""", 1)]
    public void Scan_Prompts_AreCounted(string json, long prompts) => Assert.Equal(prompts, Scan(json).Facts.Prompts);

    [Theory]
    [InlineData("""{"model":"a","model":"b"}""", "duplicate_key")]
    [InlineData("""{"model":"a","mod\u0065l":"b"}""", "duplicate_key")]
    [InlineData("""{"messages":[{"content":"a","content":"b"}]}""", "duplicate_key")]
    [InlineData("""{"\ud800":1}""", "invalid_utf8")]
    [InlineData("""{"model":"\ud800"}""", "invalid_utf8")]
    [InlineData("""{"model":"a"} x""", "invalid_json")]
    [InlineData("""{"model":"a"}{}""", "invalid_json")]
    [InlineData("""{"model":"a",}""", "invalid_json")]
    [InlineData("""{"n":NaN}""", "invalid_json")]
    [InlineData("""{"model":/*x*/"a"}""", "invalid_json")]
    [InlineData("\uFEFF{\"model\":\"a\"}", "invalid_json")]
    [InlineData("", "invalid_json")]
    [InlineData("{}", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("\"x\"", "invalid_json")]
    [InlineData("""{"stream":"true"}""", "invalid_type")]
    [InlineData("""{"stream":1}""", "invalid_type")]
    [InlineData("""{"n":"5"}""", "invalid_type")]
    [InlineData("""{"n":5.0}""", "invalid_type")]
    [InlineData("""{"n":true}""", "invalid_type")]
    [InlineData("""{"n":-1}""", "invalid_type")]
    [InlineData("""{"max_tokens":1e3}""", "invalid_type")]
    [InlineData("""{"max_output_tokens":99999999999999999999}""", "invalid_type")]
    [InlineData("""{"model":5}""", "invalid_type")]
    [InlineData("""{"stream_options":true}""", "invalid_type")]
    [InlineData("""{"stream_options":{"include_usage":"yes"}}""", "invalid_type")]
    [InlineData("""{"stream_options":{"include_usage":[true]}}""", "invalid_type")]
    public void Scan_NotWhatItSeems_IsRefused(string json, string code) => Assert.Equal(code, Scan(json).Error?.Code);

    [Fact]
    public void Scan_SameNameInDifferentObjects_IsFine() =>
        Assert.Null(Scan("""{"messages":[{"content":"a"},{"content":{"content":"b"}}],"content":1}""").Error);

    [Fact]
    public void Scan_Utf16_IsRefused()
    {
        // Python's JSON module would detect and read it.
        var scan = RequestScanner.Scan(new ReadOnlySequence<byte>(Encoding.Unicode.GetBytes("""{"model":"a"}""")), new InspectionOptions());

        Assert.Equal("invalid_json", scan.Error?.Code);
    }

    [Fact]
    public void Scan_ModelTooLong_IsRefused() =>
        Assert.Equal("invalid_type", Scan($$"""{"model":"{{new string('m', 257)}}"}""").Error?.Code);

    [Fact]
    public void Scan_DeeperThanAllowed_IsRefused()
    {
        Assert.Null(Scan($$"""{"x":{{Nested(63)}}}""").Error);
        Assert.Equal("invalid_json", Scan($$"""{"x":{{Nested(64)}}}""").Error?.Code);

        static string Nested(int levels) => new string('[', levels) + new string(']', levels);
    }

    [Fact]
    public void Scan_WiderThanAllowed_IsRefused()
    {
        Assert.Null(Scan(Wide(1024)).Error);
        Assert.Equal("json_too_wide", Scan(Wide(1025)).Error?.Code);

        static string Wide(int members) => "{" + string.Join(",", Enumerable.Range(0, members).Select(i => $"\"k{i}\":0")) + "}";
    }

    [Fact]
    public void Scan_Error_QuotesNothingOfTheBody()
    {
        const string Canary = "canary-7f3a";

        var messages = new[] { $$"""{"model":"a" {{Canary}}""", $$"""{"{{Canary}}":1,"{{Canary}}":1}""", $$"""{"n":"{{Canary}}"}""" }
            .Select(json => Scan(json).Error!.Message);

        Assert.All(messages, message => Assert.DoesNotContain(Canary, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Scan_OneMegabyte_CopiesNothing()
    {
        var messages = Enumerable.Range(0, 1000).Select(i => $$"""{"role":"user","content":"{{new string('x', 1000)}}"}""");
        var bytes = Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{{string.Join(',', messages)}}]}""");
        var sequence = Segments.Of(bytes, Enumerable.Range(1, 15).Select(i => i * 65_536));
        RequestScanner.Scan(sequence, new InspectionOptions());

        var before = GC.GetAllocatedBytesForCurrentThread();
        var scan = RequestScanner.Scan(sequence, new InspectionOptions());
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Null(scan.Error);
        Assert.InRange(allocated, 0, 16 * 1024);
    }

    private static RequestScan Scan(string json) =>
        RequestScanner.Scan(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)), new InspectionOptions());
}
