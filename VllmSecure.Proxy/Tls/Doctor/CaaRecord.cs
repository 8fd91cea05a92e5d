namespace VllmSecure.Proxy.Tls.Doctor;

/// <summary>A CAA record: which authority may issue.</summary>
/// <param name="Tag">The property, such as <see cref="Issue"/>, in lower case.</param>
/// <param name="Value">Its value, parameters included.</param>
internal sealed record CaaRecord(string Tag, string Value)
{
    public const string Issue = "issue";
    public const string IssueWild = "issuewild";

    /// <summary>The authority's name without parameters; empty means nobody.</summary>
    public string Authority => Value.Split(';')[0].Trim();
}
