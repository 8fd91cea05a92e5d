using System.Text;

namespace VllmSecure.Proxy.RequestPolicy.Advisories;

/// <summary>Writes <c>docs/operations/vllm-advisories.md</c> from the tables; a test holds the file to them.</summary>
internal static class AdvisoryDocument
{
    public static string Render()
    {
        var text = new StringBuilder()
            .Append("# vLLM's advisories and this proxy\n\n")
            .Append("A proxy does not mend vLLM: run a current release. What it can do is to keep the requests away that a defect needs.\n")
            .Append("This page is generated from the tables in `VllmSecure.Proxy/RequestPolicy` (`AdvisoryDocument`); a test holds them together.\n\n")
            .Append("| advisory | fixed in | what goes wrong | what the proxy does |\n|---|---|---|---|\n");
        foreach (var advisory in AdvisoryCatalog.All)
        {
            var rules = AdvisoryRules.All.Where(rule => rule.Advisories.Contains(advisory.Id, StringComparer.Ordinal)).Select(rule => rule.Does);
            text.Append($"| {advisory.Id} | {advisory.FixedIn?.ToString() ?? "not known"} | {advisory.Problem} | {string.Join("; ", rules)} |\n");
        }

        var onlyNull = string.Join(" and ", FieldRules.All.Where(rule => rule.OnlyNullPasses).Select(rule => $"`{rule.Field}`"));
        return text
            .Append("\n## Fields that are refused\n\n")
            .Append($"A field that says nothing (`null`, `false`, `0`) passes; of {onlyNull} only `null` does, and below the root not even a `prompt_embeds` of `null`. `RequestPolicy:AllowFields` opens a field for all, `RequestPolicy:Keys:<key id>:AllowFields` for one key.\n\n")
            .Append("| field | why |\n|---|---|\n")
            .AppendJoin('\n', FieldRules.All.Select(rule => $"| `{rule.Field}` | {rule.Reason}{(rule.NeedsState ? " Open with `StatefulResponses:Enabled` only." : "")} |"))
            .Append('\n')
            .ToString();
    }
}
