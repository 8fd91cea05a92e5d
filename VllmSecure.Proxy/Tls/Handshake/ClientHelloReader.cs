using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace VllmSecure.Proxy.Tls.Handshake;

/// <summary>Reads a ClientHello from the first bytes of a connection, also one that is split over many records. Pure.</summary>
internal static class ClientHelloReader
{
    /// <summary>Post-quantum key shares and long tickets bring a ClientHello to 2–4 KB; nothing honest comes near this.</summary>
    public const int MaxBytes = 32 * 1024;

    private const byte HandshakeRecord = 22;
    private const byte MajorVersion = 3;
    private const int RecordHeaderBytes = 5;

    // RFC 8446 section 5.1.
    private const int MaxRecordBytes = 1 << 14;

    private const byte ClientHelloMessage = 1;
    private const int MessageHeaderBytes = 4;

    private const int VersionAndRandomBytes = 2 + 32;
    private const ushort ServerNameExtension = 0;
    private const ushort AlpnExtension = 16;
    private const ushort SupportedVersionsExtension = 43;
    private const ushort Tls13 = 0x0304;

    private static ReadOnlySpan<byte> AcmeProtocol => "acme-tls/1"u8;

    /// <summary>Looks for a whole ClientHello at the start of <paramref name="buffer"/>.</summary>
    public static ClientHelloStatus TryRead(ReadOnlySequence<byte> buffer, out ClientHello? hello)
    {
        hello = null;
        var status = TryAssemble(buffer, out var message);
        if (status == ClientHelloStatus.Complete)
        {
            hello = Parse(message);
            return hello is null ? ClientHelloStatus.Unreadable : ClientHelloStatus.Complete;
        }

        return status;
    }

    /// <summary>Joins the payloads of the handshake records up to the end of the first message; copies only once it is whole.</summary>
    private static ClientHelloStatus TryAssemble(ReadOnlySequence<byte> buffer, out ReadOnlySpan<byte> message)
    {
        message = default;
        Span<byte> header = stackalloc byte[MessageHeaderBytes];
        header.Clear();
        var received = 0;
        var reader = new SequenceReader<byte>(buffer);
        while (true)
        {
            var (status, length) = ReadRecordHeader(ref reader);
            if (status != ClientHelloStatus.Complete)
            {
                return status;
            }

            var available = (int)Math.Min(reader.Remaining, length);
            for (var i = 0; i < available && received + i < MessageHeaderBytes; i++)
            {
                reader.TryPeek(i, out header[received + i]);
            }

            reader.Advance(available);
            received += available;
            if (received >= 1 && header[0] != ClientHelloMessage)
            {
                return ClientHelloStatus.Unreadable;
            }

            // What has not come of the header is zero, so this is no more than the real length until then.
            var expected = MessageHeaderBytes + (BinaryPrimitives.ReadInt32BigEndian(header) & 0xFFFFFF);
            if (expected > MaxBytes || reader.Consumed > MaxBytes)
            {
                return ClientHelloStatus.Unreadable;
            }

            if (received >= expected)
            {
                message = Join(buffer, expected).AsSpan(MessageHeaderBytes);
                return ClientHelloStatus.Complete;
            }
        }
    }

    private static (ClientHelloStatus Status, int Length) ReadRecordHeader(ref SequenceReader<byte> reader)
    {
        if (reader.TryPeek(out var type) && type != HandshakeRecord)
        {
            return (ClientHelloStatus.Unreadable, 0);
        }

        if (reader.TryPeek(1, out var major) && major != MajorVersion)
        {
            return (ClientHelloStatus.Unreadable, 0);
        }

        if (reader.Remaining < RecordHeaderBytes)
        {
            return (ClientHelloStatus.Incomplete, 0);
        }

        reader.Advance(RecordHeaderBytes - sizeof(short));
        reader.TryReadBigEndian(out short length);
        return (ushort)length is > 0 and <= MaxRecordBytes
            ? (ClientHelloStatus.Complete, length)
            : (ClientHelloStatus.Unreadable, 0);
    }

    private static byte[] Join(ReadOnlySequence<byte> buffer, int count)
    {
        var joined = new byte[count];
        var written = 0;
        var reader = new SequenceReader<byte>(buffer);
        while (written < count)
        {
            var (_, length) = ReadRecordHeader(ref reader);
            var part = Math.Min(length, count - written);
            reader.TryCopyTo(joined.AsSpan(written, part));
            reader.Advance(part);
            written += part;
        }

        return joined;
    }

    private static ClientHello? Parse(ReadOnlySpan<byte> message)
    {
        var body = new TlsVector(message);
        if (!body.TryRead(VersionAndRandomBytes, out _)
            || !body.TryReadVector8(out _)
            || !body.TryReadVector16(out _)
            || !body.TryReadVector8(out _))
        {
            return null;
        }

        // A ClientHello may end here: extensions came with TLS 1.2.
        var extensions = default(ReadOnlySpan<byte>);
        if (!body.IsEmpty && !body.TryReadVector16(out extensions))
        {
            return null;
        }

        return ParseExtensions(new TlsVector(extensions));
    }

    private static ClientHello? ParseExtensions(TlsVector extensions)
    {
        string? serverName = null;
        var tls13 = false;
        var acme = false;
        while (!extensions.IsEmpty)
        {
            if (!extensions.TryReadUInt16(out var type) || !extensions.TryReadVector16(out var content))
            {
                return null;
            }

            switch (type)
            {
                case ServerNameExtension:
                    serverName = ReadHostName(content);
                    break;
                case AlpnExtension:
                    acme = IsOnlyAcme(content);
                    break;
                case SupportedVersionsExtension:
                    tls13 = OffersTls13(content);
                    break;
            }
        }

        return new ClientHello(serverName, tls13, acme);
    }

    private static string? ReadHostName(ReadOnlySpan<byte> extension)
    {
        const byte HostName = 0;
        var content = new TlsVector(extension);
        if (!content.TryReadVector16(out var list))
        {
            return null;
        }

        var names = new TlsVector(list);
        return names.TryRead(1, out var type) && type[0] == HostName && names.TryReadVector16(out var name) && Ascii.IsValid(name)
            ? Normalize(Encoding.ASCII.GetString(name))
            : null;
    }

    /// <summary>Lower case without the final dot; null for what is no host name. RFC 6066 allows no IP addresses here.</summary>
    private static string? Normalize(string name)
    {
        var host = name.TrimEnd('.').ToLowerInvariant();
        return Uri.CheckHostName(host) == UriHostNameType.Dns && !IPAddress.TryParse(host, out _) ? host : null;
    }

    private static bool IsOnlyAcme(ReadOnlySpan<byte> extension)
    {
        var content = new TlsVector(extension);
        if (!content.TryReadVector16(out var list))
        {
            return false;
        }

        var protocols = new TlsVector(list);
        return protocols.TryReadVector8(out var first) && first.SequenceEqual(AcmeProtocol) && protocols.IsEmpty;
    }

    private static bool OffersTls13(ReadOnlySpan<byte> extension)
    {
        var content = new TlsVector(extension);
        if (!content.TryReadVector8(out var list))
        {
            return false;
        }

        var versions = new TlsVector(list);
        while (versions.TryReadUInt16(out var version))
        {
            if (version == Tls13)
            {
                return true;
            }
        }

        return false;
    }
}
