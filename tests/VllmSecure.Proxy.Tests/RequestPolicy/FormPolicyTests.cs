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

    [Fact]
    public void Check_Recording_MayBeAsLargeAsVllmTakesIt()
    {
        // VLLM_MAX_AUDIO_CLIP_FILESIZE_MB is 25, of 1024 * 1024 bytes; OpenAI says 25 MB.
        const long Largest = 25 * 1024 * 1024;

        Assert.Null(FormPolicy.Check(new RequestFacts { LargestFormField = Largest }, new RequestPolicyOptions()));
        Assert.Equal("limit_exceeded", FormPolicy.Check(new RequestFacts { LargestFormField = Largest + 1 }, new RequestPolicyOptions())?.Code);
    }
}
