namespace VllmSecure.Proxy.Tls.Acme.Protocol;

/// <summary>An error of the CA (RFC 8555 section 6.7, RFC 9457).</summary>
internal sealed record AcmeProblem(string? Type = null, string? Detail = null, IReadOnlyList<AcmeProblem>? Subproblems = null)
{
    private const string Namespace = "urn:ietf:params:acme:error:";

    /// <summary>The part of the type that differs, such as <c>rateLimited</c>.</summary>
    public string Code => Type?.StartsWith(Namespace, StringComparison.Ordinal) == true ? Type[Namespace.Length..] : Type ?? "unknown";

    /// <summary>One line for the operator, subproblems included.</summary>
    public string Describe() => string.Join("; ", (string[])[$"{Code}: {Detail}", .. (Subproblems ?? []).Select(problem => problem.Describe())]);
}
