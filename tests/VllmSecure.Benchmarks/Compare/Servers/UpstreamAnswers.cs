using System.Text;

namespace VllmSecure.Benchmarks.Compare.Servers;

/// <summary>The upstream's answers that are always the same.</summary>
internal static class UpstreamAnswers
{
    private const int LargeBytes = 5_000_000;

    public static ReadOnlyMemory<byte> Models { get; } =
        """{"object":"list","data":[{"id":"benchmark","object":"model","created":1700000000,"owned_by":"vllm"}]}"""u8.ToArray();

    /// <summary>0.3 KB.</summary>
    public static ReadOnlyMemory<byte> Small { get; } = Completion("Hello.");

    /// <summary>5 MB.</summary>
    public static ReadOnlyMemory<byte> Large { get; } = Completion(new string('x', LargeBytes));

    private static byte[] Completion(string content) => Encoding.ASCII.GetBytes(
        $$$"""{"id":"chatcmpl-0123456789abcdef","object":"chat.completion","created":1700000000,"model":"benchmark","choices":[{"index":0,"message":{"role":"assistant","content":"{{{content}}}"},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"total_tokens":14,"completion_tokens":2}}""");
}
