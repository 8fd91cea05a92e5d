using VllmSecure.AppHost.SecureProxy;

namespace VllmSecure.AppHost.Tests.SecureProxy;

public sealed class ClientSetupTests
{
    private static readonly Uri Address = new("https://localhost:8443");

    [Fact]
    public void Text_OwnAuthority_NamesItsFileForClients()
    {
        var text = ClientSetup.Text(Address, "key", "model", "/state/ca.pem");

        Assert.Contains("OPENAI_BASE_URL=https://localhost:8443/v1", text);
        Assert.Contains("NODE_EXTRA_CA_CERTS=/state/ca.pem", text);
    }

    [Fact]
    public void Text_DeveloperCertificate_NeedsNoFile() => Assert.DoesNotContain("ca.pem", ClientSetup.Text(Address, "key", "model", authority: null));
}
