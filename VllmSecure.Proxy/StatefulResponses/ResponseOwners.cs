using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.StatefulResponses;

/// <summary>
/// Whose each kept response is and which server has it. Bounded: the ids that were not used for the longest time are
/// forgotten first, which closes them.
/// </summary>
internal sealed class ResponseOwners(IOptions<StatefulResponsesOptions> options, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>A server has given this id to a key. The first one counts: no server can take over another's ids.</summary>
    public void Bind(string id, string key, string server)
    {
        lock (_gate)
        {
            if (_entries.ContainsKey(id))
            {
                return;
            }

            while (_byUse.First is { } oldest && (_entries.Count >= options.Value.MaxResponses || IsOver(oldest.Value)))
            {
                Remove(oldest);
            }

            _entries.Add(id, _byUse.AddLast(new Entry(id, key, server) { UsedAt = clock.GetTimestamp() }));
        }
    }

    /// <summary>The server that has a response of this key; null: there is none, it is another's, or it is forgotten.</summary>
    public string? Find(string id, string key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(id, out var node) || node.Value.Key != key)
            {
                return null;
            }

            if (IsOver(node.Value))
            {
                Remove(node);
                return null;
            }

            node.Value.UsedAt = clock.GetTimestamp();
            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value.Server;
        }
    }

    /// <summary>The response is deleted.</summary>
    public void Forget(string id, string key)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(id, out var node) && node.Value.Key == key)
            {
                Remove(node);
            }
        }
    }

    private bool IsOver(Entry entry) => clock.GetElapsedTime(entry.UsedAt) >= TimeSpan.FromHours(options.Value.Hours);

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.Id);
    }

    private sealed class Entry(string id, string key, string server)
    {
        public string Id => id;

        public string Key => key;

        public string Server => server;

        public long UsedAt { get; set; }
    }
}
