using VllmSecure.Proxy.RequestPolicy;

namespace VllmSecure.Proxy.Tests.RequestPolicy;

public class MediaUrlTests
{
    private static readonly string[] Hosts = ["images.example.com", "*.cdn.example.org"];

    [Theory]
    [InlineData("https://images.example.com/a.png")]
    [InlineData("http://images.example.com")]
    [InlineData("https://images.example.com?x")]
    [InlineData("https://eu.cdn.example.org/a")]
    [InlineData("https://a.b.cdn.example.org/a")]
    public void IsAllowed_ListedHost_Passes(string url) => Assert.True(MediaUrl.IsAllowed(url, Hosts));

    [Theory]
    [InlineData("https://example.com/a.png")]
    [InlineData("https://images.example.com.evil.org/")]
    [InlineData("https://evil-images.example.com/")]
    [InlineData("https://cdn.example.org/")]
    [InlineData("https://.cdn.example.org/")]
    [InlineData("https://evil.org/images.example.com")]
    [InlineData("https://evil.org#images.example.com")]
    [InlineData("https://images.example.com@evil.org/")]
    [InlineData("https://evil.org\\@images.example.com/")]
    [InlineData("https://images.example.com\\.evil.org/")]
    [InlineData("https://images.example.com:22/")]
    [InlineData("https://IMAGES.example.com/")]
    [InlineData("https://images.example.com./")]
    [InlineData("https://images.example.com\t.evil.org/")]
    [InlineData("https://images。example.com/")]
    [InlineData("ftp://images.example.com/")]
    [InlineData("//images.example.com/")]
    [InlineData(" https://images.example.com/")]
    [InlineData("https:images.example.com/")]
    [InlineData("https:///images.example.com/")]
    [InlineData("")]
    public void IsAllowed_AnythingElse_IsRefused(string url) => Assert.False(MediaUrl.IsAllowed(url, Hosts));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("0x7f.0x1")]
    [InlineData("2130706433")]
    [InlineData("0177.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:10.0.0.1]")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("192.168.0.1")]
    [InlineData("localhost")]
    [InlineData("foo.localhost")]
    [InlineData("printer.local")]
    [InlineData("metadata.google.internal")]
    [InlineData("vllm")]
    public void IsPublicHostName_PrivateLoopbackLinkLocal_NeverIs(string host)
    {
        Assert.False(MediaUrl.IsPublicHostName(host));
        Assert.False(MediaUrl.IsAllowed($"http://{host}/", [host]));
    }
}
