namespace VllmSecure.Proxy.Routing.Balancing;

/// <summary>
/// Remembers which prompt blocks a server has seen lately: an approximation of the engine's prefix cache. Bounded, the block
/// that was not used for the longest time goes first.
/// </summary>
internal sealed class PrefixIndex(int capacity = PrefixIndex.DefaultCapacity)
{
    /// <summary>Blocks of 16 tokens: half a million tokens, as the Gateway API inference extension keeps per server; some 3 MB.</summary>
    public const int DefaultCapacity = 31_250;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, LinkedListNode<ulong>> _blocks = [];
    private readonly LinkedList<ulong> _byUse = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _blocks.Count;
            }
        }
    }

    /// <summary>How many leading blocks of a prompt are known.</summary>
    public int Match(ReadOnlySpan<ulong> prompt)
    {
        lock (_gate)
        {
            var known = 0;
            while (known < prompt.Length && _blocks.ContainsKey(prompt[known]))
            {
                known++;
            }

            return known;
        }
    }

    /// <summary>The server gets this prompt. Its first block counts as used last, so that prefixes outlive what follows them.</summary>
    public void Add(ReadOnlySpan<ulong> prompt)
    {
        lock (_gate)
        {
            for (var i = Math.Min(prompt.Length, capacity) - 1; i >= 0; i--)
            {
                if (_blocks.TryGetValue(prompt[i], out var node))
                {
                    _byUse.Remove(node);
                    _byUse.AddLast(node);
                    continue;
                }

                if (_blocks.Count >= capacity)
                {
                    _blocks.Remove(_byUse.First!.Value);
                    node = _byUse.First;
                    _byUse.RemoveFirst();
                    node.Value = prompt[i];
                    _byUse.AddLast(node);
                }
                else
                {
                    node = _byUse.AddLast(prompt[i]);
                }

                _blocks[prompt[i]] = node;
            }
        }
    }
}
