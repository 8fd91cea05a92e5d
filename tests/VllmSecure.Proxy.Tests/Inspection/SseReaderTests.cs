using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using VllmSecure.Proxy.Inspection;

namespace VllmSecure.Proxy.Tests.Inspection;

public partial class SseReaderTests
{
    private static readonly string[] Pieces =
    [
        "\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "data", "data:", "data: ", "data:  x", "dat", "datax: no", ": comment", "event: x",
        "{\"a\":1}", "漢😀é", "a:b", " ", "id: 1", "\uFEFF", "[DONE]",
    ];

    [Fact]
    public void TryReadEvent_AnyStreamAnySplit_AgreesWithThePlainReference() =>
        Gen.Select(Gen.Int[0, Pieces.Length - 1].Array[0, 30], Gen.Int.Array[0, 10]).Sample(
            (pieces, cuts) =>
            {
                var text = string.Concat(pieces.Select(piece => Pieces[piece]));
                var bytes = Encoding.UTF8.GetBytes(text);

                Assert.Equal(Reference(text), Read(bytes, cuts));
            },
            iter: 50_000);

    [Fact]
    public void TryReadEvent_LargeFrameInSmallReads_IsWhole()
    {
        var data = new string('x', 256 * 1024);
        var bytes = Encoding.UTF8.GetBytes($"data: {data}\n\n");

        var events = Read(bytes, [.. Enumerable.Range(1, bytes.Length / 100).Select(i => i * 100)]);

        Assert.Equal([data], events);
    }

    [Fact]
    public void IsBetweenEvents_FollowsTheStream()
    {
        var reader = new SseReader();
        var collector = new Collector();

        Assert.True(reader.IsBetweenEvents);
        Feed("da");
        Assert.False(reader.IsBetweenEvents);
        Feed("ta: x\n");
        Assert.False(reader.IsBetweenEvents);
        Feed("\n");
        Assert.True(reader.IsBetweenEvents);
        Feed(": comment\n");
        Assert.False(reader.IsBetweenEvents);

        void Feed(string text)
        {
            ReadOnlySpan<byte> input = Encoding.UTF8.GetBytes(text);
            while (reader.TryReadEvent(ref input, collector))
            {
                collector.End();
            }
        }
    }

    private static List<string> Read(byte[] bytes, int[] cuts)
    {
        var reader = new SseReader();
        var collector = new Collector();
        foreach (var memory in Segments.Of(bytes, cuts))
        {
            var input = memory.Span;
            while (reader.TryReadEvent(ref input, collector))
            {
                collector.End();
            }
        }

        return collector.Events;
    }

    /// <summary>The HTML standard's words, over the whole text at once.</summary>
    private static List<string> Reference(string text)
    {
        var events = new List<string>();
        var data = new List<string>();
        var lines = LineEnd().Split(text.StartsWith('\uFEFF') ? text[1..] : text);
        foreach (var line in lines[..^1])
        {
            if (line.Length == 0)
            {
                if (string.Join('\n', data) is { Length: > 0 } joined)
                {
                    events.Add(joined);
                }

                data.Clear();
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? "" : line[(colon + 1)..];
            if (name == "data")
            {
                data.Add(value.StartsWith(' ') ? value[1..] : value);
            }
        }

        return events;
    }

    [GeneratedRegex("\r\n|\n|\r", RegexOptions.None, 1000)]
    private static partial Regex LineEnd();

    private sealed class Collector : ISsePayload
    {
        private readonly MemoryStream _data = new();

        public List<string> Events { get; } = [];

        public void Append(ReadOnlySpan<byte> data) => _data.Write(data);

        public void End()
        {
            if (_data.Length > 0)
            {
                Events.Add(Encoding.UTF8.GetString(_data.ToArray()));
            }

            _data.SetLength(0);
        }
    }
}
