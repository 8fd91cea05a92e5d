using System.Globalization;
using System.Text;
using CsCheck;

namespace VllmSecure.Proxy.Tests.Inspection;

/// <summary>Generates JSON texts: any nesting, any Unicode, escapes, white space, and now and then a name twice.</summary>
internal static class JsonGen
{
    private static readonly Gen<string> Space = OneOf("", "", "", " ", "\n", "\t\r\n ");

    private static readonly Gen<string> Rune = Gen.Frequency(
        (8, Gen.Char['a', 'z'].Select(c => c.ToString())),
        (2, OneOf("é", "漢", "😀", "\u2028", "\u007f")),
        (2, OneOf("\\n", "\\\"", "\\\\", "\\u0041", "\\u00e9", "\\ud83d\\ude00", "\\/")));

    private static readonly Gen<string> Text = Rune.Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> Name = Gen.Frequency(
        (4, OneOf(
            "model", "stream", "n", "max_tokens", "max_completion_tokens", "stream_options", "include_usage",
            "messages", "prompt", "input", "content", "role", "data", "\\u006dodel")),
        (4, Text));

    private static readonly Gen<string> Scalar = Gen.Frequency(
        (4, Text.Select(text => $"\"{text}\"")),
        (1, Gen.Const("\"data:image/png;base64,AAAA\"")),
        (3, Gen.Int[-5, 5000].Select(number => number.ToString(CultureInfo.InvariantCulture))),
        (1, OneOf("1.0", "1e2", "-0", "123456789012345678901234567890")),
        (3, OneOf("true", "false", "null")));

    /// <summary>Lists of token ids, long enough to be passed over many at a time.</summary>
    private static readonly Gen<string> Numbers = Gen.Select(
        Gen.Frequency((6, Gen.Int[0, 150_000].Select(id => id.ToString(CultureInfo.InvariantCulture))), (1, OneOf("0", "-1", "1.5", " 2", "[3]"))).Array[0, 40],
        OneOf(",", ", ", " ,", ",0,"),
        Gen.Int[1, 10],
        (items, separator, times) => "[" + string.Join(separator, Enumerable.Repeat(items.Select((item, i) => i % 7 == 6 ? item : "42"), times).SelectMany(list => list)) + "]");

    /// <summary>An object, mostly with different names.</summary>
    public static Gen<string> Object { get; } = ObjectOf(4);

    /// <summary>An object's text with some bytes changed: mostly not JSON any more.</summary>
    public static Gen<byte[]> Mutated { get; } = Gen.Select(
        Object, Gen.Select(Gen.Int, Gen.Byte).Array[0, 3], (text, changes) =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            foreach (var (place, value) in changes)
            {
                bytes[Math.Abs(place % bytes.Length)] = value;
            }

            return bytes;
        });

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<string> ObjectOf(int depth) =>
        Gen.Select(Name, Space, Space, Value(depth - 1)).Array[0, 6].Select((members) =>
            "{" + string.Join(",", members.Select(m => $"{m.Item2}\"{m.Item1}\"{m.Item3}:{m.Item2}{m.Item4}")) + "}");

    private static Gen<string> Value(int depth) => depth == 0
        ? Scalar
        : Gen.Frequency(
            (6, Scalar),
            (1, Numbers),
            (2, ObjectOf(depth)),
            (2, Gen.Select(Space, Value(depth - 1)).Array[0, 5].Select(items => "[" + string.Join(",", items.Select(i => i.Item1 + i.Item2)) + "]")));
}
