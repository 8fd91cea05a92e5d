using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace VllmSecure.Proxy.Tests.Documentation;

/// <summary>The summaries of the proxy's members as Markdown, from the documentation file of its build.</summary>
internal sealed partial class XmlSummaries
{
    private readonly Dictionary<string, XElement> _members;

    public XmlSummaries(string assemblyPath) =>
        _members = XDocument.Load(Path.ChangeExtension(assemblyPath, ".xml")).Descendants("member")
            .ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal);

    public string Of(Type type) => Render("T:" + type.FullName);

    public string Of(Type type, string property) => Render($"P:{type.FullName}.{property}");

    private string Render(string id) =>
        _members.TryGetValue(id, out var member) && member.Element("summary") is { } summary
            ? Clean(Render(summary.Nodes()))
            : throw new InvalidDataException($"{id} has no summary.");

    private static string Clean(string text) => Spaces().Replace(text, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);

    private static string Render(IEnumerable<XNode> nodes)
    {
        var text = new StringBuilder();
        foreach (var node in nodes)
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "see" } see => $"`{((string?)see.Attribute("cref") ?? (string?)see.Attribute("langword") ?? "").Split('.')[^1]}`",
                XElement element => Render(element.Nodes()),
                _ => "",
            });
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
