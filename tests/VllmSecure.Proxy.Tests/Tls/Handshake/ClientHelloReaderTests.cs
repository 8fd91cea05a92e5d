using System.Buffers;
using CsCheck;
using VllmSecure.Proxy.Tls.Handshake;

namespace VllmSecure.Proxy.Tests.Tls.Handshake;

public sealed class ClientHelloReaderTests
{
    private const ushort Tls12 = 0x0303;
    private const ushort Tls13 = 0x0304;
    private const ushort Grease = 0x7A7A;

    [Fact]
    public void TryRead_Tls13Client_SaysSo()
    {
        var hello = Read(ClientHelloBytes.Message("example.com", [Grease, Tls13, Tls12], ["h2", "http/1.1"]));

        Assert.Equal(new ClientHello("example.com", SupportsTls13: true, IsAcmeChallenge: false), hello);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Tls12)]
    public void TryRead_ClientWithoutTls13_SaysSo(ushort? version)
    {
        var hello = Read(ClientHelloBytes.Message("example.com", version is null ? null : [version.Value]));

        Assert.False(hello!.SupportsTls13);
        Assert.False(hello.IsAcmeChallenge);
    }

    /// <summary>A name of another kind than host_name, and extensions that hold no list.</summary>
    [Fact]
    public void TryRead_ExtensionsOfAnotherForm_SayNothing()
    {
        var hello = Read(ClientHelloBytes.Message(
            [.. ClientHelloBytes.Extension(0, [0, 4, 1, 0, 1, (byte)'a']), .. ClientHelloBytes.Extension(16, [9]), .. ClientHelloBytes.Extension(43, [9])]));

        Assert.Equal(new ClientHello(ServerName: null, SupportsTls13: false, IsAcmeChallenge: false), hello);
    }

    [Fact]
    public void TryRead_WithoutExtensions_IsAClientHello() =>
        Assert.Equal(
            new ClientHello(ServerName: null, SupportsTls13: false, IsAcmeChallenge: false),
            Read(ClientHelloBytes.WithHeader([3, 3, .. new byte[32], 0, 0, 2, 0x13, 1, 1, 0])));

    [Theory]
    [InlineData(10)]
    [InlineData(35)]
    public void TryRead_BodyTooShort_IsUnreadable(int length) => AssertUnreadable(ClientHelloBytes.WithHeader(new byte[length]));

    [Fact]
    public void TryRead_ExtensionsLongerThanTheBody_IsUnreadable() =>
        AssertUnreadable(ClientHelloBytes.WithHeader([3, 3, .. new byte[32], 0, 0, 2, 0x13, 1, 1, 0, 0, 5, 0]));

    [Fact]
    public void TryRead_ExtensionLongerThanTheRest_IsUnreadable() => AssertUnreadable(ClientHelloBytes.Message([0, 21, 0, 9, 0]));

    /// <summary>The limit itself is allowed, in records of the largest size that is.</summary>
    [Theory]
    [InlineData(0, ClientHelloStatus.Complete)]
    [InlineData(1, ClientHelloStatus.Unreadable)]
    public void TryRead_AroundTheLimit_IsReadUpToIt(int more, object expected)
    {
        var empty = ClientHelloBytes.Message(padding: 1).Length - 1;
        const int Headers = 2 * 5;
        var message = ClientHelloBytes.Message(padding: ClientHelloReader.MaxBytes - Headers - empty + more);
        var bytes = ClientHelloBytes.Records(message);

        Assert.Equal(ClientHelloReader.MaxBytes + more, bytes.Length);
        Assert.Equal(expected, ClientHelloReader.TryRead(new ReadOnlySequence<byte>(bytes), out _));
    }

    [Theory]
    [InlineData(true, "acme-tls/1")]
    [InlineData(false, "acme-tls/1", "h2")]
    [InlineData(false, "h2", "acme-tls/1")]
    [InlineData(false, "acme-tls/10")]
    public void TryRead_Alpn_IsAcmeOnlyWhereItStandsAlone(bool expected, params string[] alpn) =>
        Assert.Equal(expected, Read(ClientHelloBytes.Message(alpn: alpn))!.IsAcmeChallenge);

    [Theory]
    [InlineData("EXAMPLE.com.", "example.com")]
    [InlineData("1.0.0.127.in-addr.arpa", "1.0.0.127.in-addr.arpa")]
    [InlineData("127.0.0.1", null)]
    [InlineData("bad name", null)]
    [InlineData(null, null)]
    public void TryRead_ServerName_IsAHostNameInLowerCase(string? sent, string? expected) =>
        Assert.Equal(expected, Read(ClientHelloBytes.Message(sent))!.ServerName);

    [Fact]
    public void TryRead_AnySplitIntoRecordsAndSegments_ReadsTheSame() =>
        Gen.Select(Gen.Int[1, 600], Gen.Int[1, 600], Gen.Int[0, 3000]).Sample((recordSize, segmentSize, padding) =>
        {
            var bytes = ClientHelloBytes.Records(ClientHelloBytes.Message("a.example", [Tls13], ["acme-tls/1"], padding), recordSize);

            Assert.Equal(ClientHelloStatus.Complete, ClientHelloReader.TryRead(ClientHelloBytes.Segments(bytes, segmentSize), out var hello));
            Assert.Equal(new ClientHello("a.example", SupportsTls13: true, IsAcmeChallenge: true), hello);
        });

    [Fact]
    public void TryRead_EveryPrefix_IsIncomplete()
    {
        var bytes = ClientHelloBytes.Records(ClientHelloBytes.Message(versions: [Tls13]), 50);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(ClientHelloStatus.Incomplete, ClientHelloReader.TryRead(new ReadOnlySequence<byte>(bytes, 0, length), out _));
        }
    }

    [Fact]
    public void TryRead_AnyBytes_NeverThrows() =>
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            var status = ClientHelloReader.TryRead(new ReadOnlySequence<byte>(bytes), out var hello);
            Assert.Equal(status == ClientHelloStatus.Complete, hello is not null);
        });

    [Fact]
    public void TryRead_AnyByteChanged_NeverThrows()
    {
        var bytes = ClientHelloBytes.Records(ClientHelloBytes.Message("a.example", [Tls13], ["h2"]), 40);
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte).Sample((index, value) =>
        {
            byte[] changed = [.. bytes];
            changed[index] = value;
            var status = ClientHelloReader.TryRead(new ReadOnlySequence<byte>(changed), out var hello);
            Assert.Equal(status == ClientHelloStatus.Complete, hello is not null);
        });
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("\u0016\u0002")]
    [InlineData("\u0017\u0003\u0001")]
    public void TryRead_NotTls_IsUnreadableAtOnce(string text) =>
        Assert.Equal(ClientHelloStatus.Unreadable, ClientHelloReader.TryRead(new ReadOnlySequence<byte>([.. text.Select(c => (byte)c)]), out _));

    [Fact]
    public void TryRead_AnotherHandshakeMessage_IsUnreadable() =>
        Assert.Equal(ClientHelloStatus.Unreadable, ClientHelloReader.TryRead(new ReadOnlySequence<byte>([22, 3, 1, 0, 40, 2]), out _));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0x40, 0x01)]
    public void TryRead_RecordLengthOutOfRange_IsUnreadable(byte high, byte low) =>
        Assert.Equal(ClientHelloStatus.Unreadable, ClientHelloReader.TryRead(new ReadOnlySequence<byte>([22, 3, 1, high, low]), out _));

    [Fact]
    public void TryRead_Oversized_IsUnreadableBeforeItHasCome() =>
        Assert.Equal(ClientHelloStatus.Unreadable, ClientHelloReader.TryRead(new ReadOnlySequence<byte>([22, 3, 1, 0, 40, 1, 0, 0x80, 0]), out _));

    private static void AssertUnreadable(byte[] message) =>
        Assert.Equal(ClientHelloStatus.Unreadable, ClientHelloReader.TryRead(new ReadOnlySequence<byte>(ClientHelloBytes.Records(message)), out _));

    private static ClientHello? Read(byte[] message)
    {
        Assert.Equal(ClientHelloStatus.Complete, ClientHelloReader.TryRead(new ReadOnlySequence<byte>(ClientHelloBytes.Records(message)), out var hello));
        return hello;
    }
}
