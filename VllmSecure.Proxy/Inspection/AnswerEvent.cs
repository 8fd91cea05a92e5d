namespace VllmSecure.Proxy.Inspection;

/// <summary>What one event of a stream was.</summary>
[Flags]
internal enum AnswerEvent
{
    None = 0,

    /// <summary>It carries generated text, reasoning or a tool call.</summary>
    Token = 1,

    /// <summary>It is vLLM's extra event of usage: a choices list without a choice, and usage.</summary>
    UsageOnly = 2,

    /// <summary>It reports that the answer failed.</summary>
    Error = 4,

    /// <summary>It is the last one of its format.</summary>
    Last = 8,
}
