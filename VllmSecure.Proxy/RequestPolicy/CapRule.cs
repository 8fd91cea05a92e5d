namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>A number in the root object, or the length of a list there, that has an upper limit.</summary>
/// <param name="Field">The member's name.</param>
/// <param name="Option">The setting that holds the limit.</param>
/// <param name="Limit">Reads the limit.</param>
/// <param name="Advisories">The advisories that the rule blunts.</param>
internal sealed record CapRule(string Field, string Option, Func<RequestPolicyOptions, long> Limit, params string[] Advisories)
{
    /// <summary>Whether the items of a list are counted, in place of a number that is compared.</summary>
    public bool CountsItems { get; init; }

    /// <summary>Whether items that are numbers count too; else a list of them is one prompt of token ids.</summary>
    public bool CountsNumbers { get; init; }

    /// <summary>Whether only items that are lists count: conversations, where a list of messages is one.</summary>
    public bool CountsListsOnly { get; init; }
}
