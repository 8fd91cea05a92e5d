using System.Buffers;

namespace VllmSecure.Proxy.Exchange;

/// <summary>A piece of an edited body: a slice of what the client sent, or a replacement.</summary>
internal sealed class BodySegment : ReadOnlySequenceSegment<byte>
{
    public BodySegment(ReadOnlyMemory<byte> memory, BodySegment? previous)
    {
        Memory = memory;
        if (previous is not null)
        {
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
