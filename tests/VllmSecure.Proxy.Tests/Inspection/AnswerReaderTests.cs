using System.Text;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Inspection;

namespace VllmSecure.Proxy.Tests.Inspection;

public class AnswerReaderTests
{
    [Theory]
    [InlineData("""{"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"length"}],"usage":{"prompt_tokens":5,"total_tokens":7,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}}""", "m", "length", 5, 2, 4)]
    [InlineData("""{"object":"text_completion","model":"m","choices":[{"index":0,"text":"hi","finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2,"prompt_tokens_details":null}}""", "m", "stop", 5, 2, 0)]
    [InlineData("""{"id":"resp_1","model":"m","error":null,"status":"completed","output":[{"type":"message","status":"in_progress"}],"usage":{"input_tokens":5,"input_tokens_details":{"cached_tokens":3},"output_tokens":2}}""", "m", "completed", 5, 2, 3)]
    [InlineData("""{"incomplete_details":{"reason":"max_output_tokens"},"model":"m","status":"incomplete","usage":{"input_tokens":5,"output_tokens":2}}""", "m", "max_output_tokens", 5, 2, 0)]
    [InlineData("""{"id":"msg","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","usage":{"input_tokens":5,"output_tokens":2,"cache_read_input_tokens":null}}""", "m", "end_turn", 5, 2, 0)]
    [InlineData("""{"type":"message","model":"m","stop_reason":"max_tokens","usage":{"input_tokens":5,"output_tokens":2,"cache_read_input_tokens":3}}""", "m", "max_tokens", 8, 2, 3)]
    [InlineData("""{"object":"list","model":"m","data":[{"embedding":[0.1,-2e-3]}],"usage":{"prompt_tokens":5,"total_tokens":5,"completion_tokens":0}}""", "m", null, 5, 0, 0)]
    public void Append_WholeAnswer_FindsModelReasonAndUsage(string json, string model, string? reason, long input, long output, long cached)
    {
        var reader = new AnswerReader();

        reader.Append(Encoding.UTF8.GetBytes(json));
        reader.EndEvent();

        Assert.Equal(model, reader.Model);
        Assert.Equal(reason, reader.FinishReason);
        Assert.Equal(new TokenUsage(input, output, cached), reader.Usage);
    }

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""", "None")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"a"}}]}""", "Token")]
    [InlineData("""{"choices":[{"index":0,"delta":{"reasoning":"a"}}]}""", "Token")]
    [InlineData("""{"choices":[{"index":0,"delta":{"reasoning_content":"a"}}]}""", "Token")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":""}}]}}]}""", "Token")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{"}}]}}]}""", "Token")]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop","stop_reason":null}]}""", "None")]
    [InlineData("""{"choices":[{"index":0,"text":"a"}]}""", "Token")]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}""", "UsageOnly")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""", "Token")]
    [InlineData("""{"choices":[],"usage":null}""", "None")]
    [InlineData("""{"error":{"message":"m","type":"t","param":null,"code":500}}""", "Error")]
    [InlineData("[DONE]", "Last")]
    [InlineData("""{"type":"response.output_text.delta","delta":"a"}""", "Token")]
    [InlineData("""{"content_index":0,"delta":"a","type":"response.reasoning_text.delta"}""", "Token")]
    [InlineData("""{"type":"response.output_text.delta","delta":""}""", "None")]
    [InlineData("""{"type":"response.completed","response":{"error":null,"status":"completed"}}""", "Last")]
    [InlineData("""{"type":"response.failed","response":{"error":{"code":"server_error"}}}""", "Error, Last")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}""", "Token")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"a"}}""", "Token")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{"}}""", "Token")]
    [InlineData("""{"type":"message_stop"}""", "Last")]
    [InlineData("""{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text","text":""}}}}""", "None")]
    [InlineData("""{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"a"}}}}""", "Token")]
    [InlineData("""{"type":"content-delta","index":0,"delta":{"message":{"content":{"thinking":"a"}}}}""", "Token")]
    [InlineData("""{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"a"}}}""", "Token")]
    [InlineData("""{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"1","type":"function","function":{"name":"f","arguments":""}}}}}""", "Token")]
    [InlineData("""{"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"{"}}}}}""", "Token")]
    [InlineData("""{"type":"error","error":{"type":"internal_error","message":"m"}}""", "Error, Last")]
    public void EndEvent_Event_TellsWhatItWas(string json, string expected)
    {
        var reader = new AnswerReader();
        reader.Append(Encoding.UTF8.GetBytes(json));

        Assert.Equal(expected, reader.EndEvent().ToString());
    }

    [Theory]
    [InlineData("""{"id":"1","finish_reason":"COMPLETE","message":{"role":"assistant","content":[{"type":"text","text":"hi"}]},"usage":{"billed_units":{"input_tokens":5.0,"output_tokens":2.0},"tokens":{"input_tokens":5.0,"output_tokens":2.0},"cached_tokens":3.0}}""", 5, 2, 3)]
    [InlineData("""{"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":5.0},"tokens":{"input_tokens":5.0,"output_tokens":2.0},"cached_tokens":3}}}""", 5, 2, 3)]
    [InlineData("""{"embeddings":{"float":[[0.1]]},"texts":["a"],"meta":{"api_version":{"version":"2"},"billed_units":{"input_tokens":5,"image_tokens":0}},"response_type":"embeddings_by_type"}""", 5, 0, 0)]
    [InlineData("""{"embeddings":{"float":[[0.1]]},"meta":{"billed_units":{"input_tokens":0,"image_tokens":900}}}""", 900, 0, 0)]
    public void Append_CohereAnswer_FindsUsage(string json, long input, long output, long cached)
    {
        var reader = new AnswerReader();

        reader.Append(Encoding.UTF8.GetBytes(json));
        reader.EndEvent();

        Assert.Equal(new TokenUsage(input, output, cached), reader.Usage);
    }

    [Theory]
    [InlineData("-5.0")]
    [InlineData("1e99")]
    [InlineData("99999999999999999999")]
    [InlineData("null")]
    public void Append_CountThatIsNone_IsNoUsage(string count)
    {
        var reader = new AnswerReader();

        reader.Append(Encoding.UTF8.GetBytes("""{"usage":{"tokens":{"input_tokens":""" + count + "}}}"));
        reader.EndEvent();

        Assert.Null(reader.Usage);
    }

    [Fact]
    public void EndEvent_MessagesStream_JoinsUsageOfItsEvents()
    {
        var reader = new AnswerReader();
        Event("""{"type":"message_start","message":{"id":"1","type":"message","model":"m","stop_reason":null,"usage":{"input_tokens":9,"output_tokens":0}}}""");
        Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}""");

        Assert.Equal(new TokenUsage(9, 4), reader.Usage);
        Assert.Equal("end_turn", reader.FinishReason);
        Assert.Equal("m", reader.Model);

        void Event(string json)
        {
            reader.Append(Encoding.UTF8.GetBytes(json));
            reader.EndEvent();
        }
    }

    [Fact]
    public void IsFinished_SeveralChoices_WaitsForAll()
    {
        var reader = new AnswerReader(choices: 2);
        Finish(0);
        Assert.False(reader.IsFinished);
        Finish(1);
        Assert.True(reader.IsFinished);

        // A prompt list makes more choices than n says.
        reader.Append("""{"choices":[{"index":2,"text":"a"}]}"""u8);
        reader.EndEvent();
        Assert.False(reader.IsFinished);

        void Finish(int index)
        {
            reader.Append(Encoding.UTF8.GetBytes($$"""{"choices":[{"index":{{index}},"delta":{},"finish_reason":"stop"}]}"""));
            reader.EndEvent();
        }
    }

    [Theory]
    [InlineData("stop", "length", "stop")]
    [InlineData("stop", "abort", "abort")]
    [InlineData("abort", "stop", "abort")]
    public void FinishReason_OfSeveralChoices_IsTheFirstUnlessOneDidNotFinishInOrder(string first, string second, string expected)
    {
        var reader = new AnswerReader(choices: 2);

        reader.Append(Encoding.UTF8.GetBytes($$"""{"choices":[{"index":0,"finish_reason":"{{first}}"},{"index":1,"finish_reason":"{{second}}"}]}"""));
        reader.EndEvent();

        Assert.Equal(expected, reader.FinishReason);
    }

    [Fact]
    public void Model_Escaped_IsUnescaped()
    {
        var reader = new AnswerReader();
        reader.Append("""{"model":"Qwen\/Qwen3\u002d0.6B"}"""u8);
        reader.EndEvent();

        Assert.Equal("Qwen/Qwen3-0.6B", reader.Model);
    }
}
