namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>A field of vLLM's requests that is refused unless <c>RequestPolicy:AllowFields</c> names it.</summary>
/// <param name="Field">Its name, with the object it stands in where that matters.</param>
/// <param name="Scope">Where its name is looked for.</param>
/// <param name="Reason">Why it is refused.</param>
/// <param name="Advisories">The advisories that the rule blunts.</param>
internal sealed record FieldRule(string Field, FieldScope Scope, string Reason, params string[] Advisories)
{
    /// <summary>The member's name in the body.</summary>
    public string Name { get; } = Field[(Field.LastIndexOf('.') + 1)..];

    /// <summary>Whether it is open with <c>StatefulResponses</c>, and only so.</summary>
    public bool NeedsState { get; init; }

    /// <summary>Whether 0 and false ask for something too: vLLM looks only whether the field is null.</summary>
    public bool OnlyNullPasses { get; init; }

    /// <summary>Whether null is refused too below the root: vLLM knows a content part without a type by the name alone.</summary>
    public bool NamesAPart { get; init; }
}
