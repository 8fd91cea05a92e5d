namespace VllmSecure.Proxy.Inspection;

/// <summary>Takes the data of server-sent events as it comes, in runs of any length.</summary>
internal interface ISsePayload
{
    /// <summary>The next bytes of the current event's data; lines are joined by a line feed.</summary>
    void Append(ReadOnlySpan<byte> data);
}
