using System.Buffers;
using System.Text;
using VllmSecure.Proxy.ApiSurface;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.RequestPolicy;
using VllmSecure.Proxy.RequestPolicy.Advisories;
using VllmSecure.Proxy.Tests.Architecture;

namespace VllmSecure.Proxy.Tests.RequestPolicy;

public class AdvisoryTests
{
    public static TheoryData<string> RefusedFields() => [.. FieldRules.All.Select(rule => rule.Field)];

    public static TheoryData<string> CappedFields() => [.. CapRules.All.Select(rule => rule.Field)];

    [Theory]
    [MemberData(nameof(RefusedFields))]
    public void FieldRule_Default_Refuses_And_WithoutTheRule_Passes(string field)
    {
        var rule = FieldRules.All.Single(r => r.Field == field);
        var body = rule.Scope switch
        {
            FieldScope.StructuredOutputs => $$$"""{"structured_outputs":{"{{{rule.Name}}}":"x"}}""",
            FieldScope.Schema => $$$$$"""{"response_format":{"json_schema":{"schema":{"{{{{{rule.Name}}}}}":"x"}}}}""",
            _ => $$"""{"{{rule.Name}}":"x"}""",
        };

        Assert.Equal(rule.Field, Check(body, new RequestPolicyOptions()));
        Assert.Equal(rule.NeedsState ? rule.Field : null, Check(body, new RequestPolicyOptions { AllowFields = { rule.Field } }));
    }

    [Theory]
    [MemberData(nameof(CappedFields))]
    public void CapRule_Default_Refuses_And_WithoutTheRule_Passes(string field)
    {
        var rule = CapRules.All.Single(r => r.Field == field);
        var beyond = rule.Limit(new RequestPolicyOptions()) + 1;
        var item = rule.CountsListsOnly ? "[]" : "\"x\"";
        var body = rule.CountsItems
            ? $$"""{"{{field}}":[{{string.Join(',', Enumerable.Repeat(item, (int)beyond))}}]}"""
            : $$"""{"{{field}}":{{beyond}}}""";
        var open = new RequestPolicyOptions
        {
            MaxChoices = int.MaxValue,
            MaxLogprobs = int.MaxValue,
            MaxOutputTokens = int.MaxValue,
            MaxPrompts = int.MaxValue,
            MaxInputs = int.MaxValue,
        };

        Assert.Equal(field, Check(body, new RequestPolicyOptions()));
        Assert.Null(Check(body, open));
    }

    [Fact]
    public void Rules_AndCatalog_NameTheSameAdvisories() =>
        Assert.Equal(
            AdvisoryCatalog.All.Select(advisory => advisory.Id).Order(StringComparer.Ordinal),
            AdvisoryRules.All.SelectMany(rule => rule.Advisories).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Fact]
    public void ClosedEndpoints_AreInTheTableAndNotForInference()
    {
        foreach (var path in AdvisoryRules.All.SelectMany(rule => rule.ClosedEndpoints))
        {
            var endpoint = Assert.Single(VllmEndpoints.All, endpoint => endpoint.Path == path);
            Assert.DoesNotContain(endpoint.Class, new[] { EndpointClass.Inference, EndpointClass.Models });
        }
    }

    [Fact]
    public void Document_IsWhatTheTablesSay()
    {
        var file = Path.Combine(Sources.Root, "docs", "operations", "vllm-advisories.md");
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(file, AdvisoryDocument.Render());
        }

        Assert.Equal(AdvisoryDocument.Render(), File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("0.18.0", "CVE-2026-34756", true)]
    [InlineData("0.19.0", "CVE-2026-34756", false)]
    [InlineData("0.33.0", "CVE-2026-115918", false)]
    public void For_Version_ListsWhatItStillHas(string version, string id, bool applies) =>
        Assert.Equal(applies, AdvisoryCatalog.For(Version.Parse(version)).Any(advisory => advisory.Id == id));

    private static string? Check(string json, RequestPolicyOptions options) =>
        PolicyReader.Check(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)), options)?.Param;
}
