namespace VllmSecure.Proxy.Caching;

/// <summary>An answer as its first client got it.</summary>
/// <param name="Body">The body; of a stream all its events.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="FinishReason">vLLM's reason to end.</param>
/// <param name="StoredAt">When it came, as a <see cref="TimeProvider.GetTimestamp"/> value.</param>
internal sealed record CachedAnswer(byte[] Body, string ContentType, string? Model, string? FinishReason, long StoredAt)
{
    /// <summary>What an entry takes beside its body: key, strings, list and dictionary nodes.</summary>
    private const int Overhead = 512;

    public long Size => Body.Length + Overhead;
}
