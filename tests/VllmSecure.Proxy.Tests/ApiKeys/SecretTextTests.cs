using CsCheck;
using VllmSecure.Proxy.ApiKeys;

namespace VllmSecure.Proxy.Tests.ApiKeys;

public sealed class SecretTextTests
{
    [Fact]
    public void Create_Always_MatchesTheFormatForScanners() =>
        Assert.Matches("^vllms_[0-9A-Za-z]{49}$", SecretText.Create());

    [Fact]
    public void Create_Twice_Differs() => Assert.NotEqual(SecretText.Create(), SecretText.Create(), StringComparer.Ordinal);

    [Fact]
    public void IsMistyped_AnyOneCharacterChanged_True() =>
        Gen.Select(Gen.Int[6, 54], Gen.Char['!', '~']).Sample((position, replacement) =>
        {
            var secret = SecretText.Create();
            var changed = string.Concat(secret.AsSpan(0, position), [replacement], secret.AsSpan(position + 1));
            return SecretText.IsMistyped(changed) == (changed != secret);
        });

    [Fact]
    public void IsMistyped_CutShortOrLonger_True()
    {
        var secret = SecretText.Create();
        Assert.True(SecretText.IsMistyped(secret.AsSpan(..^1)));
        Assert.True(SecretText.IsMistyped(secret + "x"));
        Assert.True(SecretText.IsMistyped("vllms_"));
    }

    [Fact]
    public void IsMistyped_SecretOfAnotherMaker_False() => Assert.False(SecretText.IsMistyped("sk-0123456789012345678901234567890123"));

    [Theory]
    [InlineData("", false)]
    [InlineData("with space", false)]
    [InlineData("tab\t", false)]
    [InlineData("Schlüssel", false)]
    [InlineData("!~", true)]
    public void IsPresentable_Text_VisibleAsciiOnly(string text, bool expected) => Assert.Equal(expected, SecretText.IsPresentable(text));

    [Fact]
    public void IsPresentable_TooLong_False() => Assert.False(SecretText.IsPresentable(new string('a', SecretText.MaxLength + 1)));
}
