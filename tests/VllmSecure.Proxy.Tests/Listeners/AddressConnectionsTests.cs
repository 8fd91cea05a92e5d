using System.Net;
using VllmSecure.Proxy.Listeners;

namespace VllmSecure.Proxy.Tests.Listeners;

public class AddressConnectionsTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:2::9", "2001:db8:1:2::")]
    [InlineData("fe80::1%3", "fe80::")]
    public void ClientOf_Address_IsTheAddressOrItsNetwork(string address, string client) =>
        Assert.Equal(IPAddress.Parse(client), AddressConnections.ClientOf(IPAddress.Parse(address)));

    [Fact]
    public void TryEnter_FullClient_IsRefusedUntilOneLeaves()
    {
        var connections = new AddressConnections(2);
        var client = IPAddress.Loopback;

        Assert.True(connections.TryEnter(client));
        Assert.True(connections.TryEnter(client));
        Assert.False(connections.TryEnter(client));
        Assert.True(connections.TryEnter(IPAddress.IPv6Loopback));
        connections.Leave(client);
        Assert.True(connections.TryEnter(client));
    }
}
