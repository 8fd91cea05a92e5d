namespace VllmSecure.Simulator.Engine;

/// <summary>
/// vLLM's automatic prefix caching: full blocks of 16 tokens, each known by the hash of itself and all before it,
/// the least recently used one given up first.
/// </summary>
internal sealed class PrefixCache(SimulatorOptions options)
{
    public const int BlockSize = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, LinkedListNode<ulong>> _blocks = [];
    private readonly LinkedList<ulong> _byUse = new();

    /// <summary>How many leading tokens are cached. Never all: vLLM computes at least the last token anew.</summary>
    public int Match(IReadOnlyList<string> tokens, string salt)
    {
        lock (_gate)
        {
            var cached = 0;
            foreach (var block in Blocks(tokens, salt).Take(Math.Max(0, tokens.Count - 1) / BlockSize))
            {
                if (!_blocks.TryGetValue(block, out var node))
                {
                    break;
                }

                Touch(node);
                cached += BlockSize;
            }

            return cached;
        }
    }

    public void Add(IReadOnlyList<string> tokens, string salt)
    {
        lock (_gate)
        {
            foreach (var block in Blocks(tokens, salt))
            {
                if (_blocks.TryGetValue(block, out var node))
                {
                    Touch(node);
                    continue;
                }

                _blocks[block] = _byUse.AddLast(block);
                if (_blocks.Count > options.PrefixCacheBlocks)
                {
                    _blocks.Remove(_byUse.First!.Value);
                    _byUse.RemoveFirst();
                }
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _blocks.Clear();
            _byUse.Clear();
        }
    }

    private static IEnumerable<ulong> Blocks(IReadOnlyList<string> tokens, string salt)
    {
        var hash = StableHash.Add(StableHash.Start, salt);
        for (var index = 0; index < tokens.Count; index++)
        {
            hash = StableHash.Add(hash, tokens[index]);
            if (index % BlockSize == BlockSize - 1)
            {
                yield return hash;
            }
        }
    }

    private void Touch(LinkedListNode<ulong> node)
    {
        _byUse.Remove(node);
        _byUse.AddLast(node);
    }
}
