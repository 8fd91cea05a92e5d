using System.Security.Cryptography;
using System.Text;
using CsCheck;
using VllmSecure.Proxy.ApiKeys;

namespace VllmSecure.Proxy.Tests.ApiKeys;

public sealed class SecretHashTests
{
    [Fact]
    public void Of_AnySecret_IsItsSha256() => Gen.String[Gen.Char['!', '~'], 0, SecretText.MaxLength].Sample(secret =>
        SecretHash.Of(secret).ToString() == "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))));

    [Fact]
    public void TryParse_OwnForm_RoundTrips()
    {
        var hash = SecretHash.Of("secret");
        Assert.True(SecretHash.TryParse(hash.ToString(), out var parsed));
        Assert.True(hash.Equals(parsed));
        Assert.Equal(hash.GetHashCode(), parsed.GetHashCode());
        Assert.False(hash.Equals(SecretHash.Of("Secret")));
    }

    [Fact]
    public void TryParse_OutputOfSha256sum_Reads()
    {
        Assert.True(SecretHash.TryParse(" 2BB80D537B1DA3E38BD30361AA855686BDE0EACD7162FEF6A25FE97BF527A25B\n", out var parsed));
        Assert.True(SecretHash.Of("secret").Equals(parsed));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("sha256:2bb80d53")]
    [InlineData("sha512:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b")]
    [InlineData("xbb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b")]
    public void TryParse_Other_Fails(string? text) => Assert.False(SecretHash.TryParse(text, out _));
}
