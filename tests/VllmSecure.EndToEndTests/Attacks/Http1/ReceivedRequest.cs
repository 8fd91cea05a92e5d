using System.Text;

namespace VllmSecure.EndToEndTests.Attacks.Http1;

/// <summary>A request as an upstream received it, byte for byte.</summary>
internal sealed record ReceivedRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public string BodyText => Encoding.Latin1.GetString(Body);

    public IEnumerable<string> Values(string name) =>
        Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);
}
