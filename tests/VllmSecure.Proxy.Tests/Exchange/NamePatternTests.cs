using System.Text.RegularExpressions;
using CsCheck;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Tests.Exchange;

public sealed class NamePatternTests
{
    [Fact]
    public void Matches_AnyPattern_AgreesWithRegularExpressions() =>
        Gen.Select(Gen.String[Gen.Char["ab*."], 0, 8], Gen.String[Gen.Char["ab."], 0, 10]).Sample((pattern, name) =>
        {
            var expression = "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$";
            return NamePattern.Matches(pattern, name) == Regex.IsMatch(name, expression, RegexOptions.None, TimeSpan.FromSeconds(1));
        });

    [Fact]
    public void Matches_ManyStars_EndsSoon() =>
        Assert.False(NamePattern.Matches(string.Concat(Enumerable.Repeat("*a", 200)) + "b", new string('a', 20_000)));
}
