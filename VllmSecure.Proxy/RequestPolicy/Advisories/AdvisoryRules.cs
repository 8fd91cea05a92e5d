namespace VllmSecure.Proxy.RequestPolicy.Advisories;

/// <summary>All rules of the proxy that blunt an advisory: those of the policy's own tables, and those of other places by name.</summary>
internal static class AdvisoryRules
{
    public static IReadOnlyList<AdvisoryRule> All { get; } =
    [
        .. FieldRules.All.Where(rule => rule.Advisories.Length > 0).Select(rule => new AdvisoryRule($"refuses `{rule.Field}`", rule.Advisories)),
        .. CapRules.All.Where(rule => rule.Advisories.Length > 0).GroupBy(rule => rule.Option, StringComparer.Ordinal).Select(Cap),
        new($"lets only known switches into `chat_template_kwargs` (`{RequestPolicyOptions.Section}:TemplateSwitches`)", ["CVE-2025-62426", "CVE-2026-115911", "CVE-2026-115918"]),
        new($"takes media as `data:` URLs, or from listed hosts (`{RequestPolicyOptions.Section}:MediaHosts`)", ["CVE-2026-24779", "CVE-2026-25960", "CVE-2025-6242", "CVE-2026-34753"]),
        new($"limits media by number, size and type (`{RequestPolicyOptions.Section}:MaxMediaItems`, `MaxMediaBytes`)", ["CVE-2026-34755", "CVE-2026-54233", "CVE-2026-109311", "CVE-2026-100650"]),
        new($"takes no video (`{RequestPolicyOptions.Section}:AllowVideo`)", ["CVE-2026-22778"]),
        new("refuses `schema.pattern` in tools too where vLLM compiles them (`tool_choice` that forces a call, `strict`)", ["CVE-2025-48944"]),
        new($"limits schemas by size and depth (`{RequestPolicyOptions.Section}:MaxSchemaBytes`, `MaxSchemaDepth`)", ["CVE-2025-48944", "CVE-2026-55574", "CVE-2026-105757", "CVE-2025-29770"]),
        new($"can give each key a cache of its own for chat, completions, responses and embeddings (`{RequestPolicyOptions.Section}:CacheSaltPerKey`)", ["CVE-2025-46570"]),
        Closed(["CVE-2026-22778"], "/invocations"),
        Closed(["CVE-2026-114051"], "/inference/v1/generate"),
        Closed(["CVE-2026-105758", "CVE-2026-114053"], "/tokenize"),
        new("lets only listed methods of listed paths through", ["PYSEC-2026-4325"]),
        new("has keys of its own, and sends vLLM a Host header of its own", ["CVE-2026-48746"]),
        new("limits the size and number of headers (`Limits:MaxHeadersBytes`, `Limits:MaxHeaders`)", ["CVE-2025-48956"]),
        new("makes the request id itself", ["CVE-2026-116176"]),
    ];

    private static AdvisoryRule Cap(IGrouping<string, CapRule> rules) => new(
        $"caps {string.Join(", ", rules.Select(rule => $"`{rule.Field}`"))} (`{RequestPolicyOptions.Section}:{rules.Key}`)",
        [.. rules.SelectMany(rule => rule.Advisories).Distinct(StringComparer.Ordinal)]);

    private static AdvisoryRule Closed(string[] advisories, string path) =>
        new($"keeps `{path}` closed", advisories) { ClosedEndpoints = [path] };
}
