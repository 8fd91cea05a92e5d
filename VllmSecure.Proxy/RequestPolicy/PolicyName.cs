namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>What a member's name means to the policy.</summary>
/// <param name="Opens">The place that its object or array is.</param>
/// <param name="Media">What it holds, if media.</param>
/// <param name="Field">The rule that refuses it.</param>
/// <param name="Cap">The rule that limits it.</param>
/// <param name="Keyword">What its value decides.</param>
internal sealed record PolicyName(
    PolicyPlace Opens = PolicyPlace.Open, MediaKind Media = MediaKind.None, FieldRule? Field = null, CapRule? Cap = null,
    PolicyKeyword Keyword = PolicyKeyword.None)
{
    public static PolicyName Unknown { get; } = new();
}
