using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VllmSecure.EndToEndTests.Attacks.Http1;

/// <summary>
/// Reads requests by RFC 9112 to the letter, with none of the leniency that servers allow themselves: what two servers may read
/// in two ways is an error here.
/// </summary>
internal sealed partial class StrictRequestReader(Stream stream)
{
    private readonly byte[] _one = new byte[1];

    /// <summary>The next request; null where the connection ends between two of them.</summary>
    /// <exception cref="FormatException">It is not well-formed.</exception>
    public async Task<ReceivedRequest?> ReadAsync()
    {
        if (await ReadLineAsync(mayEnd: true) is not { } requestLine)
        {
            return null;
        }

        var request = RequestLine().Match(requestLine);
        Require(request.Success, "request line", requestLine);
        var headers = new List<(string Name, string Value)>();
        while (await ReadLineAsync() is { Length: > 0 } line)
        {
            var header = HeaderLine().Match(line);
            Require(header.Success, "header", line);
            headers.Add((header.Groups["name"].Value, header.Groups["value"].Value));
        }

        var received = new ReceivedRequest(request.Groups["method"].Value, request.Groups["target"].Value, headers, []);
        Require(received.Values("Host").Count() == 1, "Host", requestLine);
        return received with { Body = await ReadBodyAsync(received) };
    }

    private async Task<byte[]> ReadBodyAsync(ReceivedRequest request)
    {
        string[] lengths = [.. request.Values("Content-Length")];
        string[] codings = [.. request.Values("Transfer-Encoding")];
        Require(lengths.Length + codings.Length <= 1, "framing", string.Join(' ', lengths.Concat(codings)));
        if (lengths is [var length])
        {
            Require(Digits().IsMatch(length), "Content-Length", length);
            var body = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(body);
            return body;
        }

        if (codings is [var coding])
        {
            Require(coding == "chunked", "Transfer-Encoding", coding);
            return await ReadChunksAsync();
        }

        return [];
    }

    private async Task<byte[]> ReadChunksAsync()
    {
        var body = new MemoryStream();
        while (true)
        {
            var size = await ReadLineAsync() ?? "";
            Require(HexDigits().IsMatch(size), "chunk size", size);
            var chunk = new byte[int.Parse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(chunk);
            await body.WriteAsync(chunk);
            var end = await ReadLineAsync() ?? "";
            Require(end.Length == 0, "end of chunk", end);
            if (chunk.Length == 0)
            {
                return body.ToArray();
            }
        }
    }

    /// <summary>A line that ends in CR LF and has no other CR, LF or NUL.</summary>
    private async Task<string?> ReadLineAsync(bool mayEnd = false)
    {
        var line = new StringBuilder();
        while (await stream.ReadAsync(_one) == 1)
        {
            line.Append((char)_one[0]);
            if (_one[0] == '\n')
            {
                Require(line.Length >= 2 && line[^2] == '\r', "bare LF", line.ToString());
                var text = line.ToString(0, line.Length - 2);
                Require(!text.AsSpan().ContainsAny('\r', '\0'), "bare CR or NUL", text);
                return text;
            }
        }

        Require(mayEnd && line.Length == 0, "end", line.ToString());
        return null;
    }

    private static void Require(bool condition, string what, string text)
    {
        if (!condition)
        {
            throw new FormatException($"{what}: '{text}'");
        }
    }

    // Origin-form only: a proxy that passes on another form lets the client choose.
    [GeneratedRegex("^(?<method>[A-Z]+) (?<target>/[!-~]*) HTTP/1\\.1$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RequestLine();

    [GeneratedRegex("^(?<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(?<value>([!-~\u0080-\u00FF]([\t -~\u0080-\u00FF]*[!-~\u0080-\u00FF])?)?)[ \t]*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HeaderLine();

    [GeneratedRegex("^(0|[1-9][0-9]{0,8})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Digits();

    [GeneratedRegex("^[0-9a-fA-F]{1,7}$", RegexOptions.None, 1000)]
    private static partial Regex HexDigits();
}
