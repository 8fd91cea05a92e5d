namespace VllmSecure.Proxy.Routing.Choice;

/// <summary>What decides whether a server may get a request.</summary>
/// <param name="Models">The models it serves; null: not known.</param>
/// <param name="IsAvailable">Its health allows it.</param>
/// <param name="IsDrained">The operator takes it out of service.</param>
/// <param name="IsStandby">Its weight is 0: only when no other can serve.</param>
internal readonly record struct ServerFacts(IReadOnlyCollection<string>? Models, bool IsAvailable, bool IsDrained = false, bool IsStandby = false)
{
    public bool Lists(string? model) => model is null || (Models is not null && Models.Contains(model, StringComparer.Ordinal));
}
