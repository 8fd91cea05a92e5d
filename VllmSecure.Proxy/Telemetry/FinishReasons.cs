using System.Collections.Frozen;

namespace VllmSecure.Proxy.Telemetry;

/// <summary>Finish reasons as logs and spans may show them: the words of vLLM's three APIs, nothing else that stands in that place.</summary>
internal static class FinishReasons
{
    private static readonly FrozenSet<string> Words = new[]
    {
        "stop", "length", "tool_calls", "function_call", "content_filter", "abort", "error", "repetition",
        "end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal",
        "completed", "incomplete", "failed", "cancelled", "max_output_tokens",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static string? Bounded(string? reason) => reason is null || Words.Contains(reason) ? reason : HttpConventions.Other;
}
