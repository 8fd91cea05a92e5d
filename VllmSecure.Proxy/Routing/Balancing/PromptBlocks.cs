using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Routing.Balancing;

/// <summary>
/// A prompt as a chain of hashes, one for each block, each over everything before it. It goes by the bytes of the body: the
/// next turn of a conversation begins with the same ones.
/// </summary>
internal static class PromptBlocks
{
    /// <summary>vLLM's block is 16 tokens, and a token about 4 characters.</summary>
    public const int BytesPerBlock = 64;

    public const int TokensPerBlock = 16;

    /// <summary>The first 16,000 tokens of a prompt: beyond them, who shares that much shares the server already.</summary>
    private const int MaxBlocks = 1024;

    /// <summary>In the order in which chat templates put them into the prompt.</summary>
    private static readonly string[] PromptMembers = ["tools", "system", "instructions", "messages", "prompt", "input"];

    /// <param name="body">The request; null: nobody read it.</param>
    /// <param name="model">The model that is asked.</param>
    /// <param name="salt">What keeps the prompt apart from equal ones in the engine's cache; null: nothing does.</param>
    public static ulong[] Of(RequestBody? body, string? model, string? salt = null)
    {
        if (body is null)
        {
            return [];
        }

        var blocks = new List<ulong>();
        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(model.AsSpan()));
        hash = salt is null ? hash : XxHash3.HashToUInt64(MemoryMarshal.AsBytes(salt.AsSpan()), (long)hash);
        Span<byte> block = stackalloc byte[BytesPerBlock];
        var filled = 0;
        foreach (var member in PromptMembers)
        {
            if (!body.TryGetMember(member, out var range))
            {
                continue;
            }

            var rest = body.Bytes.Slice(range.Offset, range.Length);
            while (!rest.IsEmpty && blocks.Count < MaxBlocks)
            {
                var count = (int)Math.Min(BytesPerBlock - filled, rest.Length);
                rest.Slice(0, count).CopyTo(block[filled..]);
                rest = rest.Slice(count);
                filled += count;
                if (filled == BytesPerBlock)
                {
                    hash = XxHash3.HashToUInt64(block, (long)hash);
                    blocks.Add(hash);
                    filled = 0;
                }
            }
        }

        return [.. blocks];
    }
}
