using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace VllmSecure.Proxy.Tls.Doctor;

/// <summary>DNS messages (RFC 1035 section 4) as far as a question for CAA records needs them. Pure, apart from the query's id.</summary>
internal static class CaaMessage
{
    private const ushort Caa = 257;
    private const ushort Internet = 1;
    private const int HeaderBytes = 12;
    private const int NameError = 3;

    public static byte[] CreateQuery(string name)
    {
        var message = new List<byte>([.. RandomNumberGenerator.GetBytes(2), 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]);
        foreach (var label in name.Split('.'))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }

        message.AddRange([0, Caa >> 8, Caa & 0xFF, Internet >> 8, Internet & 0xFF]);
        return [.. message];
    }

    /// <summary>False for what is no whole answer; a name that does not exist has no records.</summary>
    public static bool TryReadAnswer(ReadOnlySpan<byte> message, out IReadOnlyList<CaaRecord> records)
    {
        records = [];
        if (message.Length < HeaderBytes || (message[2] & 0x82) != 0x80 || (message[3] & 0x0F) is not (0 or NameError))
        {
            return false;
        }

        var found = new List<CaaRecord>();
        var position = HeaderBytes;
        for (var i = 0; i < BinaryPrimitives.ReadUInt16BigEndian(message[4..]); i++)
        {
            if (!TrySkipName(message, ref position) || (position += 4) > message.Length)
            {
                return false;
            }
        }

        for (var i = 0; i < BinaryPrimitives.ReadUInt16BigEndian(message[6..]); i++)
        {
            if (!TryReadRecord(message, ref position, found))
            {
                return false;
            }
        }

        records = found;
        return true;
    }

    private static bool TryReadRecord(ReadOnlySpan<byte> message, ref int position, List<CaaRecord> found)
    {
        const int FixedBytes = 10;
        if (!TrySkipName(message, ref position) || position + FixedBytes > message.Length)
        {
            return false;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(message[position..]);
        var length = BinaryPrimitives.ReadUInt16BigEndian(message[(position + 8)..]);
        position += FixedBytes;
        if (position + length > message.Length)
        {
            return false;
        }

        var data = message.Slice(position, length);
        position += length;
        if (type != Caa)
        {
            return true;
        }

        // Flags, the length of the tag, the tag, and the value to the end (RFC 8659 section 4.1).
        if (data.Length < 2 || data.Length < 2 + data[1])
        {
            return false;
        }

        found.Add(new CaaRecord(
            Encoding.ASCII.GetString(data.Slice(2, data[1])).ToLowerInvariant(), Encoding.ASCII.GetString(data[(2 + data[1])..])));
        return true;
    }

    private static bool TrySkipName(ReadOnlySpan<byte> message, ref int position)
    {
        while (position < message.Length)
        {
            var length = message[position];
            if (length == 0)
            {
                position++;
                return true;
            }

            // A pointer to an earlier name ends this one.
            if ((length & 0xC0) == 0xC0)
            {
                position += 2;
                return position <= message.Length;
            }

            position += 1 + length;
        }

        return false;
    }
}
