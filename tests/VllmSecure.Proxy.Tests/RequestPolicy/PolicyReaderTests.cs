using System.Buffers;
using System.Text;
using System.Text.Json;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.RequestPolicy;
using VllmSecure.Proxy.Tests.Inspection;

namespace VllmSecure.Proxy.Tests.RequestPolicy;

public class PolicyReaderTests
{
    private const string Image = "data:image/png;base64,AAAA";

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"hi"}],"n":16,"top_logprobs":20,"logprobs":true,"max_tokens":131072}""")]
    [InlineData("""{"chat_template_kwargs":{"enable_thinking":false,"thinking":true,"reasoning_effort":"high","thinking_budget":1024}}""")]
    [InlineData("""{"chat_template_kwargs":null,"chat_template":null,"priority":0,"echo":false,"n":null,"cache_salt":null,"prompt_logprobs":null,"prompt_embeds":null}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x","uuid":null}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"\ud800","text":"x"}]}]}""")]
    [InlineData("""{"response_format":{"type":"json_schema","json_schema":{"name":"x","strict":true,"schema":{"type":"object","properties":{"pattern":{"type":"string"},"priority":{"type":"integer"}}}}}}""")]
    [InlineData("""{"response_format":{"type":"json_object"},"structured_outputs":{"json":{"type":"object"},"regex":null}}""")]
    [InlineData("""{"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"chat_template":{"type":"string","pattern":"^a$"},"cache_salt":{"type":"string"}}}}}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"1","name":"f","input":{"chat_template":"x","image_url":"http://10.0.0.1/","prompt_embeds":"x"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"see http://10.0.0.1/"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"image_url":{"url":"data:image\/png;base64,AAAA"}}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]}]}""")]
    [InlineData("""{"messages":[{"content":"x","source":"web","priority":5,"metadata":{"chat_template":"x"}}],"metadata":{"cache_salt":"x"}}""")]
    [InlineData("""{"input":[{"type":"message","role":"user","content":[{"type":"input_image","image_url":"data:image/jpeg;base64,AAAA"}]}],"store":true}""")]
    [InlineData("""{"prompt":[1,2,3]}""")]
    [InlineData("""{"images":["data:image/png;base64,AAAA"],"texts":null}""")]
    [InlineData("""{"images":null,"messages":[{"role":"user","content":"x","images":["AAAA"]}]}""")]
    [InlineData("""{"response_format":{"type":"\ud800json_schema","json_schema":{"schema":{"type":"\ud800"}}}}""")]
    public void Check_WhatClientsSend_Passes(string json) => Assert.Null(Check(json)?.Message);

    [Theory]
    [InlineData("""{"n":17}""", "limit_exceeded", "n")]
    [InlineData("""{"n":"5"}""", "limit_exceeded", "n")]
    [InlineData("""{"n":5.0}""", "limit_exceeded", "n")]
    [InlineData("""{"n":true}""", "limit_exceeded", "n")]
    [InlineData("""{"n":[5]}""", "limit_exceeded", "n")]
    [InlineData("""{"best_of":17}""", "limit_exceeded", "best_of")]
    [InlineData("""{"logprobs":21}""", "limit_exceeded", "logprobs")]
    [InlineData("""{"top_logprobs":-1}""", "limit_exceeded", "top_logprobs")]
    [InlineData("""{"max_tokens":131073}""", "limit_exceeded", "max_tokens")]
    [InlineData("""{"min_tokens":131073}""", "limit_exceeded", "min_tokens")]
    [InlineData("""{"\u006e":17}""", "limit_exceeded", "n")]
    [InlineData("""{"chat_template":"{{ x }}"}""", "field_refused", "chat_template")]
    [InlineData("""{"chat_template_kwargs":{"documents":[]}}""", "field_refused", "chat_template_kwargs")]
    [InlineData("""{"chat_template_kwargs":{"thinking":{"a":1}}}""", "field_refused", "chat_template_kwargs")]
    [InlineData("""{"chat_template_kwargs":{"reasoning_effort":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}}""", "field_refused", "chat_template_kwargs")]
    [InlineData("""{"input":[{"role":"user","content":"x","chat_template_kwargs":{"evil":1}}]}""", "field_refused", "chat_template_kwargs")]
    [InlineData("""{"input":[{"content":[{"chat_template":"x"}]}]}""", "field_refused", "chat_template")]
    [InlineData("""{"messages":[[{"role":"user","content":[{"type":"image_embeds","image_embeds":"AA"}]}]]}""", "field_refused", "image_embeds")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"prompt_embeds","data":"AAAA"}]}]}""", "field_refused", "prompt_embeds")]
    [InlineData("""{"messages":[{"role":"user","content":[{"data":"AAAA","type":"prompt\u005fembeds"}]}]}""", "field_refused", "prompt_embeds")]
    [InlineData("""{"messages":[{"role":"user","content":[{"prompt_embeds":null,"data":"AAAA"}]}]}""", "field_refused", "prompt_embeds")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":null,"uuid":"of-another"}]}]}""", "field_refused", "uuid")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":null,"uuid":0}]}]}""", "field_refused", "uuid")]
    [InlineData("""{"prompt_logprobs":0}""", "field_refused", "prompt_logprobs")]
    [InlineData("""{"prompt_logprobs":false}""", "field_refused", "prompt_logprobs")]
    [InlineData("""{"structured_outputs":{"regex":"(a+)+"}}""", "field_refused", "structured_outputs.regex")]
    [InlineData("""{"structured_outputs":{"grammar":"root ::= root"}}""", "field_refused", "structured_outputs.grammar")]
    [InlineData("""{"structured_outputs":{"json":{"type":"string","pattern":"(a+)+"}}}""", "field_refused", "schema.pattern")]
    [InlineData("""{"response_format":{"type":"json_schema","json_schema":{"schema":{"properties":{"a":{"type":"string","pattern":"(a+)+"}}}}}}""", "field_refused", "schema.pattern")]
    [InlineData("""{"response_format":{"type":"json_schema","json_schema":{"schema":{"patternProperties":{"(a+)+":{}}}}}}""", "field_refused", "schema.pattern")]
    [InlineData("""{"text":{"format":{"type":"json_schema","schema":{"pattern":"(a+)+"}}}}""", "field_refused", "schema.pattern")]
    [InlineData("""{"response_format":{"type":"structural_tag","structures":[]}}""", "field_refused", "structural_tag")]
    [InlineData("""{"previous_response_id":"resp_1"}""", "stateful_refused", "previous_response_id")]
    [InlineData("""{"background":true}""", "stateful_refused", "background")]
    [InlineData("""{"messages":[{"content":[{"image_url":{"url":"http://169.254.169.254/latest"}}]}]}""", "media_refused", "messages")]
    [InlineData("""{"messages":[{"content":[{"image_url":"https://example.com/a.png"}]}]}""", "media_refused", "messages")]
    [InlineData("""{"messages":[{"content":[{"\u0069mage_url":"https://example.com/a.png"}]}]}""", "media_refused", "messages")]
    [InlineData("""{"messages":[{"content":[{"image_url":["https://example.com/a.png"]}]}]}""", "media_refused", "messages")]
    [InlineData("""{"messages":[{"content":[{"image_url":{"url":["https://example.com/a.png"]}}]}]}""", "media_refused", "messages")]
    [InlineData("""{"messages":[{"content":[{"image_url":{"url":"file:///etc/passwd"}}]}]}""", "media_refused", "messages")]
    [InlineData("""{"messages":[{"content":[{"image_url":{"url":"DATA:image/png;base64,AAAA"}}]}]}""", "media_refused", "messages")]
    [InlineData("""{"messages":[{"content":[{"image_url":{"url":"data:video/mp4;base64,AAAA"}}]}]}""", "media_refused", "messages")]
    [InlineData("""{"messages":[{"content":[{"image_url":{"url":"data:text/html,AAAA"}}]}]}""", "media_refused", "messages")]
    [InlineData("""{"messages":[{"content":[{"video_url":{"url":"data:video/mp4;base64,AAAA"}}]}]}""", "media_refused", "messages")]
    [InlineData("""{"messages":[{"content":[{"source":{"type":"url","url":"https://example.com/a.png"}}]}]}""", "media_refused", "messages")]
    [InlineData("""{"messages":[{"content":[{"source":{"type":"base64","media_type":"video/mp4","data":"AAAA"}}]}]}""", "media_refused", "messages")]
    [InlineData("""{"tools":[{"type":"mcp","server_url":"http://10.0.0.1/"}]}""", "media_refused", "messages")]
    [InlineData("""{"images":["data:image/png;base64,AAAA","http://169.254.169.254/latest"]}""", "media_refused", "messages")]
    [InlineData("""{"images":["data:video/mp4;base64,AAAA"]}""", "media_refused", "messages")]
    [InlineData("""{"images":[{"url":"http://169.254.169.254/latest"}]}""", "media_refused", "messages")]
    [InlineData("""{"images":[["http://169.254.169.254/latest"]]}""", "media_refused", "messages")]
    [InlineData("""{"images":"http://169.254.169.254/latest"}""", "media_refused", "messages")]
    public void Check_WhatIsNotAllowed_IsRefused(string json, string code, string param)
    {
        var error = Check(json);

        Assert.Equal((code, param), (error?.Code, error?.Param));
        Assert.Equal(400, error?.Status);
    }

    [Theory]
    [InlineData("prompt", 64)]
    [InlineData("input", 2048)]
    [InlineData("documents", 2048)]
    public void Check_Lists_AreCounted(string field, int limit)
    {
        Assert.Null(Check(List(limit)));
        Assert.Equal("limit_exceeded", Check(List(limit + 1))?.Code);

        string List(int items) => $$"""{"{{field}}":[{{string.Join(',', Enumerable.Repeat("\"x\"", items))}}]}""";
    }

    [Fact]
    public void Check_TokenIds_AreOnePrompt() =>
        Assert.Null(Check($$"""{"prompt":[{{string.Join(',', Enumerable.Repeat("1", 5000))}}]}"""));

    [Theory]
    [InlineData(20, null)]
    [InlineData(21, "limit_exceeded")]
    [InlineData(5000, "limit_exceeded")]
    public void Check_LogprobTokenIds_AreCounted(int count, string? code) =>
        Assert.Equal(code, Check($$"""{"logprob_token_ids":[{{string.Join(',', Enumerable.Repeat("128000", count))}}]}""")?.Code);

    [Fact]
    public void Check_BatchOfConversations_IsCounted()
    {
        Assert.Null(Check(Batch(64)));
        Assert.Equal("limit_exceeded", Check(Batch(65))?.Code);

        // Messages of one conversation have no limit of their own.
        Assert.Null(Check($$"""{"messages":[{{string.Join(',', Enumerable.Repeat("{}", 500))}}]}"""));

        static string Batch(int items) => $$"""{"messages":[{{string.Join(',', Enumerable.Repeat("[{}]", items))}}]}""";
    }

    [Fact]
    public void Check_Media_IsCountedAndMeasured()
    {
        Assert.Null(Check(Images(32, Image)));
        Assert.Equal("limit_exceeded", Check(Images(33, Image))?.Code);
        Assert.Equal("limit_exceeded", Check(Images(1, Image + new string('A', 25 * 1024 * 1024)))?.Code);

        Assert.Null(Check(List(32)));
        Assert.Equal("limit_exceeded", Check(List(33))?.Code);

        static string List(int count) => $$"""{"images":[{{string.Join(',', Enumerable.Repeat($"\"{Image}\"", count))}}]}""";

        static string Images(int count, string url) =>
            $$"""{"messages":[{"content":[{{string.Join(',', Enumerable.Repeat("{\"image_url\":{\"url\":\"" + url + "\"}}", count))}}]}]}""";
    }

    [Theory]
    [InlineData("""{"response_format":{"type":"json_schema","json_schema":{"schema":X}}}""")]
    [InlineData("""{"tools":[{"type":"function","function":{"parameters":X}}]}""")]
    [InlineData("""{"tools":[{"name":"f","input_schema":X}]}""")]
    [InlineData("""{"guided_json":X}""")]
    [InlineData("""{"text":{"format":{"type":"json_schema","schema":X}}}""")]
    [InlineData("""{"structured_outputs":{"json":X}}""")]
    public void Check_Schemas_AreMeasured(string json)
    {
        Assert.Null(Check(With("""{"type":"object"}""")));
        Assert.Equal("schema_refused", Check(With($$$"""{"description":"{{{new string('x', 64 * 1024)}}}"}"""))?.Code);
        Assert.Equal("schema_refused", Check(With(string.Concat(Enumerable.Repeat("{\"items\":", 40)) + "{}" + new string('}', 40)))?.Code);

        string With(string schema) => json.Replace("X", schema, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SchemaAsString_IsMeasured() =>
        Assert.Equal("schema_refused", Check($$"""{"guided_json":"{{new string('x', 64 * 1024 + 1)}}"}""")?.Code);

    [Theory]
    [InlineData("""{"type":"string","pattern":"(a+)+$"}""", "field_refused")]
    [InlineData("""{"p\u0061ttern":"(a+)+$"}""", "field_refused")]
    [InlineData("""{"type":"object"}  """, null)]
    [InlineData("""{"type":"object"} x""", "schema_refused")]
    [InlineData("""{"type":NaN}""", "schema_refused")]
    [InlineData("""{"\ud800":1}""", "schema_refused")]
    [InlineData("\"(a+)+$\"", "schema_refused")]
    [InlineData("", "schema_refused")]
    public void Check_SchemaAsString_IsReadAsASchema(string schema, string? code)
    {
        var text = JsonSerializer.Serialize(schema);

        Assert.Equal(code, Check($$"""{"guided_json":{{text}}}""")?.Code);
        Assert.Equal(code, Check($$$"""{"structured_outputs":{"json":{{{text}}}}}""")?.Code);
    }

    [Theory]
    [InlineData(31, null)]
    [InlineData(40, "schema_refused")]
    [InlineData(2000, "schema_refused")]
    public void Check_SchemaAsString_HasAsManyLevelsAsAnother(int depth, string? code)
    {
        var schema = string.Concat(Enumerable.Repeat("{'items':", depth)).Replace('\'', '"') + "{}" + new string('}', depth);

        Assert.Equal(code, Check($$"""{"guided_json":{{schema}}}""")?.Code);
        Assert.Equal(code, Check($$"""{"guided_json":{{JsonSerializer.Serialize(schema)}}}""")?.Code);
    }

    [Fact]
    public void Check_SchemaAsString_WithHalfASurrogatePair_IsRefused() =>
        Assert.Equal("schema_refused", Check("""{"guided_json":"{\ud800}"}""")?.Code);

    [Theory]
    [InlineData("\"auto\"", null)]
    [InlineData("\"none\"", null)]
    [InlineData("null", null)]
    [InlineData("""{"type":"auto"}""", null)]
    [InlineData("\"required\"", "field_refused")]
    [InlineData("""{"type":"any"}""", "field_refused")]
    [InlineData("""{"type":"function","function":{"name":"f","type":"auto"}}""", "field_refused")]
    [InlineData("""{"function":{"name":"f"}}""", "field_refused")]
    public void Check_PatternOfATool_IsRefusedWhereItsCallIsForced(string choice, string? code)
    {
        const string Tools = """
            "tools":[{"type":"function","function":{"name":"f","parameters":{"properties":{"a":{"type":"string","pattern":"(a+)+$"}}}}}]
            """;

        Assert.Equal(code, Check($$"""{{{Tools}},"tool_choice":{{choice}}}""")?.Code);
        Assert.Equal(code, Check($$"""{"tool_choice":{{choice}},{{Tools}}}""")?.Code);
        Assert.Null(Check($$"""{"tool_choice":{{choice}},{{Tools}}}""", new RequestPolicyOptions { AllowFields = { "schema.pattern" } }));
    }

    [Theory]
    [InlineData("""{"tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"patternProperties":{"(a+)+":{}}}}}],"tool_choice":{"type":"auto"}}""")]
    [InlineData("""{"tools":[{"name":"f","input_schema":{"pattern":"(a+)+"},"strict":true}]}""")]
    [InlineData("""{"strict_tools":true,"tools":[{"type":"function","function":{"parameters":{"pattern":"(a+)+"}}}]}""")]
    public void Check_PatternOfAStrictTool_IsRefused(string json) =>
        Assert.Equal("schema.pattern", Check(json)?.Param);

    [Theory]
    [InlineData("data:image\\/png;base64,", null)]
    [InlineData("data:im\\u0061ge/png;base64,", null)]
    [InlineData("data:image/png;base64,\\ud800", null)]
    [InlineData("data:\\ud800image/png;base64,", "media_refused")]
    [InlineData("data:\\nimage/png;base64,", "media_refused")]
    [InlineData("\\\\\\\"data:image/png;base64,", "media_refused")]
    public void Check_LongUrlWithEscapes_IsReadAtItsHead(string head, string? code)
    {
        var body = Encoding.UTF8.GetBytes("{\"messages\":[{\"content\":[{\"image_url\":{\"url\":\"" + head + new string('A', 3000) + "\"}}]}]}");

        Assert.Equal(code, PolicyReader.Check(new ReadOnlySequence<byte>(body), new RequestPolicyOptions())?.Code);
        Assert.Equal(code, PolicyReader.Check(Segments.Of(body, 52, 60, 2000), new RequestPolicyOptions())?.Code);
    }

    [Fact]
    public void Check_MediaBeyondTheSize_AreNotCopied()
    {
        var body = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes($$$"""{"images":["data:image\/png;base64,{{{new string('A', 26 * 1024 * 1024)}}}"]}"""));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = PolicyReader.Check(body, new RequestPolicyOptions());

        Assert.Equal("limit_exceeded", error?.Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }

    [Fact]
    public void Check_ListedHost_Passes()
    {
        var options = new RequestPolicyOptions { MediaHosts = { "images.example.com" } };

        Assert.Null(Check("""{"messages":[{"content":[{"image_url":{"url":"https://images.example.com/a.png?x=1"}}]}]}""", options));
        Assert.NotNull(Check("""{"messages":[{"content":[{"image_url":{"url":"https://example.com/a.png"}}]}]}""", options));
    }

    [Fact]
    public void Check_VideoAllowed_Passes() =>
        Assert.Null(Check("""{"messages":[{"content":[{"video_url":{"url":"data:video/mp4;base64,AAAA"}}]}]}""", new RequestPolicyOptions { AllowVideo = true }));

    [Fact]
    public void Check_Refusal_QuotesNoValue()
    {
        const string Canary = "canary-7f3a";

        string[] bodies =
        [
            $$"""{"chat_template":"{{Canary}}"}""", $$$"""{"chat_template_kwargs":{"{{{Canary}}}":1}}""", $$"""{"n":"{{Canary}}"}""",
            $$"""{"messages":[{"content":[{"image_url":"http://{{Canary}}/"}]}]}""",
        ];

        Assert.All(bodies, body => Assert.DoesNotContain(Canary, Check(body)!.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Check_AnySplit_DecidesTheSame()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"messages":[{"content":[{"image_url":{"url":"data:image/png;base64,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}]}],"chat_templ\u0061te":"x"}""");
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            Assert.Equal("chat_template", PolicyReader.Check(Segments.Of(bytes, cut, cut + 3), new RequestPolicyOptions())?.Param);
        }
    }

    private static ApiError? Check(string json, RequestPolicyOptions? options = null) =>
        PolicyReader.Check(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)), options ?? new RequestPolicyOptions());
}
