using System.Diagnostics.CodeAnalysis;

namespace VllmSecure.Proxy.Routing.Admission;

/// <summary>
/// A bounded queue in which keys take turns: each turn takes one item of a key, so one that queues much waits for its own
/// and nobody else's. Within a key the order is that of arrival, but for items that cannot go yet. Not thread-safe.
/// </summary>
/// <param name="capacity">Items of all keys.</param>
/// <param name="capacityPerKey">Items of one key.</param>
internal sealed class FairQueue<T>(int capacity, int capacityPerKey)
    where T : class
{
    /// <summary>The keys that have items, the one whose turn it is first.</summary>
    private readonly LinkedList<(string Key, LinkedList<T> Items)> _turns = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, LinkedList<T> Items)>> _keys = new(StringComparer.Ordinal);

    /// <summary>Items of all keys.</summary>
    public int Count { get; private set; }

    /// <summary>Items of one key.</summary>
    public int CountOf(string key) => _keys.TryGetValue(key, out var turn) ? turn.Value.Items.Count : 0;

    /// <summary>How many turns it takes until a further item of a key has its own; others may come and go meanwhile.</summary>
    public int TurnsUntil(string key)
    {
        var own = CountOf(key);
        return _turns.Where(turn => turn.Key != key).Sum(turn => Math.Min(turn.Items.Count, own + 1)) + own;
    }

    /// <summary>Puts an item at the end of its key's; a key that had none comes last. False: a bound is reached.</summary>
    public bool TryAdd(string key, T item)
    {
        if (Count >= capacity || CountOf(key) >= capacityPerKey)
        {
            return false;
        }

        if (!_keys.TryGetValue(key, out var turn))
        {
            turn = _turns.AddLast((key, new LinkedList<T>()));
            _keys.Add(key, turn);
        }

        turn.Value.Items.AddLast(item);
        Count++;
        return true;
    }

    /// <summary>Takes the first item that can go of the first key that has one; it is then the others' turn.</summary>
    public bool TryTake(Func<T, bool> canGo, [NotNullWhen(true)] out T? taken)
    {
        for (var turn = _turns.First; turn is not null; turn = turn.Next)
        {
            for (var item = turn.Value.Items.First; item is not null; item = item.Next)
            {
                if (canGo(item.Value))
                {
                    taken = item.Value;
                    Remove(turn, item);
                    if (turn.List is not null)
                    {
                        _turns.Remove(turn);
                        _turns.AddLast(turn);
                    }

                    return true;
                }
            }
        }

        taken = null;
        return false;
    }

    /// <summary>Takes an item out of its place; false where it is not, or no more, in the queue.</summary>
    public bool Remove(string key, T item)
    {
        if (!_keys.TryGetValue(key, out var turn) || turn.Value.Items.Find(item) is not { } place)
        {
            return false;
        }

        Remove(turn, place);
        return true;
    }

    private void Remove(LinkedListNode<(string Key, LinkedList<T> Items)> turn, LinkedListNode<T> item)
    {
        Count--;
        turn.Value.Items.Remove(item);
        if (turn.Value.Items.Count == 0)
        {
            _turns.Remove(turn);
            _keys.Remove(turn.Value.Key);
        }
    }
}
