using System.Globalization;
using System.Text;

namespace VllmSecure.Benchmarks.Compare;

/// <summary>
/// The requests. The prompt tells the upstream what to do, as no header of a client's own crosses the proxy:
/// <c>say</c>, <c>wait MS</c>, <c>stream CHUNKS MS</c>, <c>hold</c>, <c>frame</c>, <c>large</c>.
/// </summary>
internal static class Prompts
{
    public const string Key = "benchmark-key-0123456789-0123456789";
    public const string Model = "benchmark";

    /// <summary>A small JSON answer.</summary>
    public static ReadOnlyMemory<byte> Say { get; } = Request("say", stream: false);

    /// <summary>A stream that sends one chunk and then nothing.</summary>
    public static ReadOnlyMemory<byte> Hold { get; } = Request("hold", stream: true);

    /// <summary>A stream of one event of 256 KB.</summary>
    public static ReadOnlyMemory<byte> Frame { get; } = Request("frame", stream: true);

    /// <summary>An answer of 5 MB.</summary>
    public static ReadOnlyMemory<byte> LargeAnswer { get; } = Request("large", stream: false);

    /// <summary>A request of 10 MB.</summary>
    public static ReadOnlyMemory<byte> LargeRequest { get; } = Request("say " + new string('x', 10_000_000), stream: false);

    public static ReadOnlyMemory<byte> Wait(TimeSpan time) => Request(string.Create(CultureInfo.InvariantCulture, $"wait {time.TotalMilliseconds}"), stream: false);

    public static ReadOnlyMemory<byte> Stream(int chunks, TimeSpan interval) =>
        Request(string.Create(CultureInfo.InvariantCulture, $"stream {chunks} {interval.TotalMilliseconds}"), stream: true);

    private static byte[] Request(string prompt, bool stream)
    {
        var options = stream ? ""","stream":true,"stream_options":{"include_usage":true}""" : string.Empty;
        var body = $$"""{"model":"{{Model}}","messages":[{"role":"user","content":"{{prompt}}"}],"max_tokens":1000{{options}}}""";
        return Encoding.ASCII.GetBytes(string.Join(
            "\r\n",
            "POST /v1/chat/completions HTTP/1.1",
            "Host: localhost",
            "Authorization: Bearer " + Key,
            "Content-Type: application/json",
            "Accept: application/json, text/event-stream",
            "User-Agent: benchmark",
            string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}"),
            string.Empty,
            body));
    }
}
