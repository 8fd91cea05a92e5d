using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VllmSecure.EndToEndTests.Attacks.Http1;

/// <summary>One answer off the wire.</summary>
internal sealed partial record RawAnswer(int Status, string Head, string Body)
{
    /// <summary>Takes all that a connection brought apart; fails on anything that is no whole answer.</summary>
    /// <param name="bytes">From the first byte to the last before the connection ended.</param>
    /// <param name="isHead">Whether the answers are to HEAD, which have a length and no body.</param>
    public static IReadOnlyList<RawAnswer> Parse(byte[] bytes, bool isHead)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var answers = new List<RawAnswer>();
        var at = 0;
        while (at < text.Length)
        {
            var end = text.IndexOf("\r\n\r\n", at, StringComparison.Ordinal);
            Assert.True(end > 0, $"No whole head: {text[at..]}");
            var head = text[at..end];
            at = end + 4;
            var status = StatusLine().Match(head);
            Assert.True(status.Success, $"No status line: {head}");
            var code = int.Parse(status.Groups["status"].ValueSpan, CultureInfo.InvariantCulture);
            if (code == 100)
            {
                continue; // Interim: the final answer follows.
            }

            var (body, next) = isHead ? ("", at) : Chunked().IsMatch(head) ? ReadChunks(text, at) : ReadLength(head, text, at);
            answers.Add(new RawAnswer(code, head, body));
            at = next;
        }

        return answers;
    }

    private static (string Body, int Next) ReadLength(string head, string text, int at)
    {
        var length = ContentLength().Match(head);
        var count = length.Success ? int.Parse(length.Groups["length"].ValueSpan, CultureInfo.InvariantCulture) : 0;
        return (text.Substring(at, count), at + count);
    }

    private static (string Body, int Next) ReadChunks(string text, int at)
    {
        var body = new StringBuilder();
        while (true)
        {
            var end = text.IndexOf("\r\n", at, StringComparison.Ordinal);
            var size = int.Parse(text[at..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            body.Append(text, end + 2, size);
            at = end + 2 + size + 2;
            if (size == 0)
            {
                return (body.ToString(), at);
            }
        }
    }

    [GeneratedRegex(@"^HTTP/1\.1 (?<status>\d{3}) ", RegexOptions.None, 1000)]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"\r\nContent-Length: (?<length>\d+)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex ContentLength();

    [GeneratedRegex(@"\r\nTransfer-Encoding: chunked", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Chunked();
}
