namespace VllmSecure.Proxy.Usage;

/// <summary>Sums of rows, one for each day, key and model. Not for concurrent use.</summary>
internal sealed class UsageTotals
{
    private readonly Dictionary<(DateOnly Day, string Key, string Model), UsageRow> _rows = [];

    public void Add(UsageRow row)
    {
        var identity = (row.Day, row.Key, row.Model);
        _rows[identity] = _rows.TryGetValue(identity, out var sum) ? sum.Plus(row) : row;
    }

    /// <summary>Forgets the days before this one.</summary>
    public void RemoveBefore(DateOnly day)
    {
        foreach (var identity in _rows.Keys.Where(identity => identity.Day < day).ToList())
        {
            _rows.Remove(identity);
        }
    }

    /// <summary>The rows from a day on, in no order: sorting is not done under a lock that requests wait for.</summary>
    public UsageRow[] Since(DateOnly day) => [.. _rows.Values.Where(row => row.Day >= day)];
}
