using System.Text;

namespace VllmSecure.EndToEndTests.Attacks.Http2;

/// <summary>As much of RFC 7541 as an attacker needs: literals without indexing, and the status of an answer.</summary>
internal static class Hpack
{
    private static readonly int[] StaticStatuses = [200, 204, 206, 304, 400, 404, 500];

    public static byte[] Encode(IEnumerable<(string Name, string Value)> headers) => [.. headers.SelectMany(header => Literal(0, header.Name, header.Value))];

    /// <summary>A literal that goes into the dynamic table.</summary>
    public static byte[] Indexed(string name, string value) => Literal(0x40, name, value);

    /// <summary>The status of an answer's header block.</summary>
    public static int StatusOf(ReadOnlySpan<byte> block)
    {
        while ((block[0] & 0xe0) == 0x20)
        {
            block = block[1..]; // A change of the table's size, which is below 31 bytes here.
        }

        return (block[0] & 0x80) != 0
            ? StaticStatuses[(block[0] & 0x7f) - 8]
            : int.Parse(block.Slice(2, 3), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static byte[] Literal(byte kind, string name, string value) => [kind, .. Text(name), .. Text(value)];

    private static byte[] Text(string text) => [.. Length(text.Length), .. Encoding.Latin1.GetBytes(text)];

    /// <summary>An integer with a 7-bit prefix (section 5.1).</summary>
    private static IEnumerable<byte> Length(int length)
    {
        if (length < 127)
        {
            yield return (byte)length;
            yield break;
        }

        yield return 127;
        for (length -= 127; length >= 128; length >>= 7)
        {
            yield return (byte)(length | 0x80);
        }

        yield return (byte)length;
    }
}
