using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Caching;

/// <summary>Answers in bounded memory: the least recently used go first, and old ones when they are asked for.</summary>
internal sealed class AnswerStore(IOptions<CachingOptions> options, TimeProvider clock)
{
    private const long Megabyte = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<CacheKey, LinkedListNode<(CacheKey Key, CachedAnswer Answer)>> _answers = [];
    private readonly LinkedList<(CacheKey Key, CachedAnswer Answer)> _byUse = new();

    /// <summary>Bytes that the answers take.</summary>
    public long Size { get; private set; }

    public CachedAnswer? Find(CacheKey key)
    {
        lock (_gate)
        {
            if (!_answers.TryGetValue(key, out var node))
            {
                return null;
            }

            Remove(node);
            if (clock.GetElapsedTime(node.Value.Answer.StoredAt) >= TimeSpan.FromSeconds(options.Value.Seconds))
            {
                return null;
            }

            Add(node);
            return node.Value.Answer;
        }
    }

    public void Store(CacheKey key, CachedAnswer answer)
    {
        lock (_gate)
        {
            if (_answers.TryGetValue(key, out var previous))
            {
                Remove(previous);
            }

            Add(new LinkedListNode<(CacheKey, CachedAnswer)>((key, answer)));
            while (Size > options.Value.MaxMegabytes * Megabyte)
            {
                Remove(_byUse.First!);
            }
        }
    }

    private void Add(LinkedListNode<(CacheKey Key, CachedAnswer Answer)> node)
    {
        _byUse.AddLast(node);
        _answers[node.Value.Key] = node;
        Size += node.Value.Answer.Size;
    }

    private void Remove(LinkedListNode<(CacheKey Key, CachedAnswer Answer)> node)
    {
        _byUse.Remove(node);
        _answers.Remove(node.Value.Key);
        Size -= node.Value.Answer.Size;
    }
}
