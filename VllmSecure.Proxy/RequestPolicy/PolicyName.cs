namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>What a member's name means to the policy.</summary>
/// <param name="Opens">The place that its object or array is.</param>
/// <param name="Media">What it holds, if media.</param>
/// <param name="Field">The rule that refuses it.</param>
/// <param name="Cap">The rule that limits it.</param>
internal sealed record PolicyName(
    PolicyPlace Opens = PolicyPlace.Open, MediaKind Media = MediaKind.None, FieldRule? Field = null, CapRule? Cap = null)
{
    public static PolicyName Unknown { get; } = new();
}
