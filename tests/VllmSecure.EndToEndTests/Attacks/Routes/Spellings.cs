using System.Globalization;

namespace VllmSecure.EndToEndTests.Attacks.Routes;

/// <summary>Other ways to write a path, which one decoder or another on the way to vLLM might take for the path itself.</summary>
internal static class Spellings
{
    /// <summary>Without the path's own spelling.</summary>
    public static IEnumerable<string> Of(string path) => InPlace(path).Concat(Around(path)).Distinct(StringComparer.Ordinal).Where(spelling => spelling != path);

    private static IEnumerable<string> InPlace(string path)
    {
        var name = path[1..];
        yield return "/" + name.ToUpperInvariant();
        yield return "/" + char.ToUpperInvariant(name[0]) + name[1..];
        yield return "/" + Percent(name[0], "x2") + name[1..];
        yield return "/" + Percent(name[0], "X2") + name[1..];
        yield return "/" + string.Concat(name.Select(letter => letter == '/' ? "/" : Percent(letter, "x2")));
        yield return "/%25" + ((int)name[0]).ToString("x2", CultureInfo.InvariantCulture) + name[1..];
        yield return "/%u00" + ((int)name[0]).ToString("x2", CultureInfo.InvariantCulture) + name[1..];
        yield return path.Replace("/", "%2f", StringComparison.Ordinal);
        foreach (var slash in new[] { "%2f", "%2F", "%252f", "%5c", "\\", "//", "/./", "%c0%af", "%ef%bc%8f", "/%09/", "/;/", "/x/../" })
        {
            yield return "/" + name.Replace("/", slash, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Around(string path)
    {
        foreach (var end in new[] { "/", "//", "/.", "/..", "/x/..", "/x/%2e%2e", "%2f", "%00", "%20", "%09", "%0a", "%0d%0a", ".", ".json", ";", ";a=b", "%3b", "%3fa=b", "%23", "\\", "~", "*", "+" })
        {
            yield return path + end;
        }

        foreach (var start in new[] { "/", "//", "///", "/.", "/./", "/%2e", "/%2e%2e", "/..", "/..;", "/%2f", "/\\", "/v1", "/v1/..", "/v1/%2e%2e", "/v1/models/..", "/v1/models/../..", "/v1/models/%2e%2e%2f%2e%2e", "/v1/responses/..", "/v1/responses/x/cancel/../../..", "/v1/chat/completions/../../..", "/v1/chat/completions/..%2f..%2f..", "/v1/chat/completions?/../../..", "/v1;", "/static/..", "/%ff" })
        {
            yield return start + path;
        }
    }

    private static string Percent(char letter, string format) => "%" + ((int)letter).ToString(format, CultureInfo.InvariantCulture);
}
