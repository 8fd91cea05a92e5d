using System.Text;
using static VllmSecure.EndToEndTests.Attacks.Handshakes.HelloBytes;

namespace VllmSecure.EndToEndTests.Attacks.Handshakes;

/// <summary>Names that are none, and hellos that are none.</summary>
internal static class HelloCases
{
    private static readonly byte[] Whole = Record(ServerName("localhost"));

    public static IEnumerable<HelloCase> All { get; } =
    [
        new("SNI of this server", Whole, "hello"),
        new("SNI missing", Record(), "hello"),
        new("SNI of somebody else", Record(ServerName("evil.example")), "hello"),
        new("SNI in upper case", Record(ServerName("LOCALHOST")), "hello"),
        new("SNI with a trailing dot", Record(ServerName("localhost.")), "hello"),
        new("SNI is an address", Record(ServerName("127.0.0.1")), "hello"),
        new("SNI is an IPv6 address", Record(ServerName("[::1]")), "hello"),
        new("SNI is a wildcard", Record(ServerName("*")), "hello"),
        new("SNI is a path", Record(ServerName("../../etc/passwd")), "hello"),
        new("SNI with a space", Record(ServerName("local host")), "hello"),
        new("SNI with a line break", Record(ServerName("localhost\r\nX: y")), "hello"),
        new("SNI beyond ASCII", Record(ServerName("l\u00f6calhost\u00ff")), "hello"),
        new("SNI of 255 bytes", Record(ServerName(new string('a', 255))), "hello"),
        new("SNI with NUL", Record(ServerName("localhost\0.evil")), "alert"),
        new("SNI empty", Record(ServerName("")), "hello"),
        new("SNI of 256 bytes", Record(ServerName(new string('a', 256))), "alert"),
        new("SNI of 10,000 bytes", Record(ServerName(new string('a', 10_000))), "alert"),
        new("SNI twice", Record(ServerName("localhost"), ServerName("evil.example")), "alert"),
        new("SNI of an unknown type", Record(Extension(0, [0, 4, 7, 0, 1, 65])), "alert"),
        new("SNI whose length lies", Record(Extension(0, [0, 200, 0, 0, 197, 65])), "alert"),
        new("SNI list empty", Record(Extension(0, [0, 0])), "alert"),

        new("Hello in two records", [.. InRecord(Handshake(ServerName("localhost")).AsSpan(0, 50)), .. InRecord(Handshake(ServerName("localhost")).AsSpan(50))], "hello"),
        new("Hello in records of one byte", [.. Handshake(ServerName("localhost")).SelectMany(letter => InRecord([letter]))], "hello"),
        new("Hello of 16 MiB promised", InRecord([1, 0xff, 0xff, 0xff, 3, 3, .. new byte[500]]), "alert"),
        new("Hello with extensions that end too early", InRecord(Handshake(Extension(0x1234, new byte[8])).AsSpan()[..^8]), "closed", Ends: true),
        new("Record of no bytes", InRecord([]), "closed", Ends: true),
        new("Records of no bytes, 1,000 of them", [.. Enumerable.Repeat(InRecord([]), 1000).SelectMany(record => record)], "closed"),
        new("Record of 65,535 bytes", [0x16, 3, 1, 0xff, 0xff, .. new byte[1000]], "closed", Ends: true),
        new("Record of version 0", [0x16, 0, 0, .. Whole[3..]], "closed"),
        new("Other handshake message first", InRecord([16, 0, 0, 1, 0]), "closed"),
        new("Alert first", [0x15, 3, 3, 0, 2, 2, 40], "closed"),
        new("Application data first", [0x17, 3, 3, 0, 5, 1, 2, 3, 4, 5], "closed"),
        new("Heartbeat first", [0x18, 3, 3, 0, 3, 1, 0x40, 0], "closed"),
        new("SSL 2 hello", [0x80, 0x2e, 1, 0, 2, 0, 0x15, 0, 0, 0, 0x10, .. new byte[37]], "closed"),
        new("Plain HTTP", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), "closed"),
        new("Plain HTTP/2", Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "closed"),
        new("Bytes of zero", new byte[1000], "closed"),
        new("Bytes of 255", [.. Enumerable.Repeat((byte)255, 1000)], "closed"),
    ];
}
