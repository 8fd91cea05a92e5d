using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Inspection;

/// <summary>The memory that all request bodies share: <see cref="InspectionOptions.MaxBufferedBytes"/>.</summary>
internal sealed class BodyBudget(IOptions<InspectionOptions> options)
{
    private readonly long _limit = options.Value.MaxBufferedBytes;
    private long _used;

    /// <summary>Bytes in use.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Takes bytes out of the budget, if they are there.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= _limit)
        {
            return true;
        }

        Return(bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
