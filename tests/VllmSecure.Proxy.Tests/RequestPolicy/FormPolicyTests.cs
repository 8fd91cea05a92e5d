using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.RequestPolicy;

namespace VllmSecure.Proxy.Tests.RequestPolicy;

public class FormPolicyTests
{
    [Theory]
    [InlineData("n", 16L, null)]
    [InlineData("n", 17L, "limit_exceeded")]
    [InlineData("n", null, "limit_exceeded")]
    [InlineData("max_completion_tokens", 131_072L, null)]
    [InlineData("max_completion_tokens", 131_073L, "limit_exceeded")]
    [InlineData("seed", null, null)]
    [InlineData("prompt", null, null)]
    [InlineData("use_beam_search", null, "field_refused")]
    public void Check_Field_IsHeldAgainstTheRulesOfJson(string field, long? number, string? code) =>
        Assert.Equal(code, FormPolicy.Check(new RequestFacts { FormFields = new Dictionary<string, long?> { [field] = number } }, new RequestPolicyOptions())?.Code);
}
