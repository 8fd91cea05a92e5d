using VllmSecure.Proxy.Tests.Architecture;

namespace VllmSecure.Proxy.Tests.Documentation;

public sealed class ConfigurationPageTests
{
    private const string Begin = "<!-- made from the options classes: run the tests of VllmSecure.Proxy.Tests with UPDATE_DOCS=1 -->\n";
    private const string End = "<!-- end -->";

    [Fact]
    public void ConfigurationPage_Always_IsWhatTheOptionsClassesSay()
    {
        var file = Path.Combine(Sources.Root, "docs", "configuration.md");
        var page = File.ReadAllText(file);
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= Begin.Length && end >= begin, "docs/configuration.md has lost its markers.");

        var expected = ConfigurationPage.Create() + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(file, page[..begin] + expected + page[end..]);
            return;
        }

        Assert.Equal(expected, page[begin..end]);
    }
}
