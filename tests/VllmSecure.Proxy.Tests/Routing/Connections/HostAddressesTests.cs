using System.Net;
using System.Net.Sockets;
using VllmSecure.Proxy.Routing.Connections;

namespace VllmSecure.Proxy.Tests.Routing.Connections;

public sealed class HostAddressesTests : INameResolver
{
    private Func<IPAddress[]> _answer = () => [];

    [Fact]
    public async Task FindAsync_LookUpFailsLater_KeepsTheLastAddresses()
    {
        var addresses = new HostAddresses(this);
        _answer = () => [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")];
        var before = await addresses.FindAsync("vllm", default);
        _answer = () => throw new SocketException((int)SocketError.HostNotFound);

        var after = await addresses.FindAsync("vllm", default);

        Assert.Equal(2, before.Count);
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task FindAsync_NeverFound_IsEmptyAndDoesNotThrow()
    {
        _answer = () => throw new SocketException((int)SocketError.TryAgain);

        Assert.Empty(await new HostAddresses(this).FindAsync("vllm", default));
    }

    [Fact]
    public async Task FindAsync_ServersWithBothFamilies_CountOnce()
    {
        _answer = () => [IPAddress.Parse("fd00::1"), IPAddress.Parse("10.0.0.1"), IPAddress.Parse("fd00::2"), IPAddress.Parse("10.0.0.2"), IPAddress.Parse("10.0.0.2")];

        Assert.Equal(["10.0.0.1", "10.0.0.2"], (await new HostAddresses(this).FindAsync("vllm", default)).Select(address => address.ToString()));
    }

    [Theory]
    [InlineData("http://vllm:8000", true)]
    [InlineData("http://localhost:8000", false)]
    [InlineData("http://10.0.0.1:8000", false)]
    [InlineData("http://[fd00::1]:8000", false)]
    public void IsName_ByAddress_IsTrueForNamesThatDnsMayKnow(string address, bool expected) =>
        Assert.Equal(expected, HostAddresses.IsName(new Uri(address)));

    Task<IPAddress[]> INameResolver.ResolveAsync(string host, CancellationToken cancellationToken) => Task.FromResult(_answer());
}
