namespace VllmSecure.Fuzz;

/// <summary>The targets by the name of their corpus folder. A target throws when the code breaks a promise.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } = new Dictionary<string, Action<byte[]>>(StringComparer.Ordinal)
    {
        ["request"] = RequestTarget.Run,
        ["stream"] = StreamTarget.Run,
    };
}
