using System.Buffers.Text;
using System.Text;
using VllmSecure.Benchmarks.Compare.Load;

namespace VllmSecure.Benchmarks.Compare;

/// <summary>A chunk as vLLM streams it, with the time of its sending for its text.</summary>
internal static class ChunkText
{
    private const int TimestampDigits = 19; // Of the largest Int64.

    private static readonly byte[] Template = Encoding.ASCII.GetBytes(
        """data: {"id":"chatcmpl-0123456789abcdef","object":"chat.completion.chunk","created":1700000000,"model":"benchmark","choices":[{"index":0,"delta":{"content":"0000000000000000000"},"logprobs":null,"finish_reason":null}]}""" + "\n\n");

    private static readonly int TimestampOffset = Template.AsSpan().IndexOf(Marker) + Marker.Length;

    /// <summary>What stands before the time.</summary>
    public static ReadOnlySpan<byte> Marker => "\"content\":\""u8;

    public static int Length => Template.Length;

    /// <summary>Writes a chunk that is sent now.</summary>
    public static void Write(Span<byte> target)
    {
        Template.CopyTo(target);
        Utf8Formatter.TryFormat(Clock.Now, target.Slice(TimestampOffset, TimestampDigits), out _, new('D', TimestampDigits));
    }
}
