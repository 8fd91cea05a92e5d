using System.Text.RegularExpressions;
using VllmSecure.Proxy.Tests.Architecture;

namespace VllmSecure.Proxy.Tests.Documentation;

/// <summary>Commands of the guides whose mistake shows only on the server, one step later.</summary>
public sealed partial class DocumentedCommandTests
{
    private static readonly string[] Lines =
    [
        .. Directory.EnumerateFiles(Path.Combine(Sources.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(Sources.Root, "README.md"))
            .SelectMany(File.ReadAllLines),
    ];

    /// <summary>MSBuild and Aspire count a relative path from the project's folder, where the next command does not look.</summary>
    [Fact]
    public void OutputPath_OfDotnet_IsAFullOne()
    {
        var paths = Lines.SelectMany(line => OutputPath().Matches(line)).Select(match => match.Groups["path"].Value).ToArray();

        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.StartsWith("\"$PWD/", path, StringComparison.Ordinal));
    }

    /// <summary>Else the image is for the machine that builds it: one of an Arm laptop does not start on an x64 server.</summary>
    [Fact]
    public void PublishContainer_Always_NamesTheServersArchitecture()
    {
        var commands = Lines.Where(line => line.StartsWith("dotnet publish", StringComparison.Ordinal) && line.Contains("PublishContainer", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.Contains("--os linux --arch ", command, StringComparison.Ordinal));
    }

    [GeneratedRegex("(--output-path |ContainerArchiveOutputPath=)(?<path>\\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OutputPath();
}
