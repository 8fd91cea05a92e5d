namespace VllmSecure.Proxy.Inspection;

/// <summary>Finds <see cref="AnswerName"/>s; the formats' different words for one thing are one name.</summary>
internal static class AnswerNames
{
    public const int Longest = 32;

    public static AnswerName Find(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("id"u8) => AnswerName.Id,
        _ when name.SequenceEqual("choices"u8) => AnswerName.Choices,
        _ when name.SequenceEqual("index"u8) => AnswerName.Index,
        _ when name.SequenceEqual("delta"u8) => AnswerName.Delta,
        _ when name.SequenceEqual("content"u8) => AnswerName.Content,
        _ when name.SequenceEqual("finish_reason"u8) => AnswerName.FinishReason,
        _ when name.SequenceEqual("model"u8) => AnswerName.Model,
        _ when name.SequenceEqual("type"u8) => AnswerName.Type,
        _ when name.SequenceEqual("text"u8) => AnswerName.Text,
        _ when name.SequenceEqual("reasoning"u8) || name.SequenceEqual("reasoning_content"u8) => AnswerName.Reasoning,
        _ when name.SequenceEqual("refusal"u8) => AnswerName.Refusal,
        _ when name.SequenceEqual("tool_calls"u8) => AnswerName.ToolCalls,
        _ when name.SequenceEqual("function"u8) => AnswerName.Function,
        _ when name.SequenceEqual("name"u8) => AnswerName.Name,
        _ when name.SequenceEqual("arguments"u8) => AnswerName.Arguments,
        _ when name.SequenceEqual("thinking"u8) => AnswerName.Thinking,
        _ when name.SequenceEqual("partial_json"u8) => AnswerName.PartialJson,
        _ when name.SequenceEqual("stop_reason"u8) => AnswerName.StopReason,
        _ when name.SequenceEqual("status"u8) => AnswerName.Status,
        _ when name.SequenceEqual("incomplete_details"u8) => AnswerName.IncompleteDetails,
        _ when name.SequenceEqual("reason"u8) => AnswerName.Reason,
        _ when name.SequenceEqual("error"u8) => AnswerName.Error,
        _ when name.SequenceEqual("response"u8) || name.SequenceEqual("message"u8) => AnswerName.Envelope,
        _ when name.SequenceEqual("usage"u8) => AnswerName.Usage,
        _ when name.SequenceEqual("prompt_tokens"u8) || name.SequenceEqual("input_tokens"u8) => AnswerName.Input,
        _ when name.SequenceEqual("completion_tokens"u8) || name.SequenceEqual("output_tokens"u8) => AnswerName.Output,
        _ when name.SequenceEqual("prompt_tokens_details"u8) || name.SequenceEqual("input_tokens_details"u8) => AnswerName.InputDetails,
        _ when name.SequenceEqual("cached_tokens"u8) => AnswerName.Cached,
        _ when name.SequenceEqual("cache_read_input_tokens"u8) => AnswerName.CacheRead,
        _ when name.SequenceEqual("meta"u8) => AnswerName.Meta,
        _ when name.SequenceEqual("billed_units"u8) => AnswerName.BilledUnits,
        _ when name.SequenceEqual("image_tokens"u8) => AnswerName.ImageInput,
        _ when name.SequenceEqual("tokens"u8) => AnswerName.Tokens,
        _ when name.SequenceEqual("tool_plan"u8) => AnswerName.ToolPlan,
        _ => AnswerName.Other,
    };
}
