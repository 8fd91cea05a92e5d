using System.Text.RegularExpressions;

namespace VllmSecure.Proxy.Tests.Architecture;

/// <summary>Files are found by their names and read in one sitting.</summary>
public sealed partial class SourceFileTests
{
    private const int MaxLines = 400;

    private static readonly string[] Projects = ["VllmSecure.Proxy", "VllmSecure.ServiceDefaults", "VllmSecure.AppHost", "tests"];

    private static readonly string[] UnwantedFolders = ["Utilities", "Helpers", "Common", "Services", "Utils", "Misc"];

    [Fact]
    public void File_InEveryProject_HasAtMost400Lines() =>
        Assert.Empty(Files().Where(file => file.Lines.Length > MaxLines).Select(file => $"{file.Path}: {file.Lines.Length} lines"));

    [Fact]
    public void File_InEveryProject_DeclaresOneType() =>
        Assert.Empty(Files().Where(file => file.Lines.Count(line => TypeDeclaration().IsMatch(line)) > 1).Select(file => file.Path));

    [Fact]
    public void Type_InTheProxy_IsDeclaredInTheFileOfItsName() =>
        Assert.Empty(
            from file in Sources.Below("VllmSecure.Proxy")
            from line in file.Lines
            let type = TypeDeclaration().Match(line)
            where type.Success
            let name = Path.GetFileNameWithoutExtension(file.Path)
            where name != type.Groups["name"].Value && !name.StartsWith(type.Groups["name"].Value + ".", StringComparison.Ordinal)
            select $"{file.Path}: {type.Groups["name"].Value}");

    [Fact]
    public void Folder_InEveryProject_SaysWhatIsInIt() =>
        Assert.Empty(Files().Where(file => file.Path.Split('/').Intersect(UnwantedFolders, StringComparer.OrdinalIgnoreCase).Any()).Select(file => file.Path));

    [Fact]
    public void File_OfExtensions_IsNamedAfterItsFeature() =>
        Assert.Empty(Files().Where(file => file.Path.EndsWith("/Extensions.cs", StringComparison.Ordinal)).Select(file => file.Path));

    private static IEnumerable<(string Path, string[] Lines)> Files() =>
        Projects.Where(project => Directory.Exists(Path.Combine(Sources.Root, project))).SelectMany(Sources.Below);

    /// <summary>A type at the left margin: with file-scoped namespaces, every type that is not nested.</summary>
    [GeneratedRegex(@"^(public|internal|file)\b[\w\s]*?\b(class|struct|interface|enum|record( struct| class)?|delegate \S+)\s+(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypeDeclaration();
}
