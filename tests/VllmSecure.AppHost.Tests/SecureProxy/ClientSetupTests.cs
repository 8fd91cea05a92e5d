using VllmSecure.AppHost.SecureProxy;

namespace VllmSecure.AppHost.Tests.SecureProxy;

public sealed class ClientSetupTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("vllm-secure-setup-").FullName;

    private static readonly Uri Address = new("https://localhost:8443");

    [Fact]
    public void Text_OwnAuthority_NamesItsFileForClients()
    {
        var text = ClientSetup.Text(Address, "key", "model", "/state/ca.pem");

        Assert.Contains("OPENAI_BASE_URL=https://localhost:8443/v1", text);
        Assert.Contains("NODE_EXTRA_CA_CERTS='/state/ca.pem'", text);
    }

    /// <summary>On macOS the state is below "Application Support".</summary>
    [Fact]
    public void Text_PathWithASpace_CanBePastedIntoAShell()
    {
        var text = ClientSetup.Text(Address, "k'ey", "model", "/Users/me/Library/Application Support/ca.pem");

        Assert.Contains("SSL_CERT_FILE='/Users/me/Library/Application Support/ca.pem'", text);
        Assert.Contains(@"OPENAI_API_KEY='k'\''ey'", text);
    }

    [Fact]
    public void Text_DeveloperCertificate_NeedsNoFile() => Assert.DoesNotContain("ca.pem", ClientSetup.Text(Address, "key", "model", authority: null));

    [Fact]
    public void FindDevelopmentAuthority_DataDirectory_IsWhereItIs()
    {
        var file = AddAuthority();

        Assert.Equal(file, ClientSetup.FindDevelopmentAuthority([Variable("DataDirectory", _data)]));
    }

    /// <summary>Another run, such as demo.cs, left its authority there; this proxy serves another certificate.</summary>
    [Fact]
    public void FindDevelopmentAuthority_CertificateHandedOver_IsNone()
    {
        AddAuthority();

        Assert.Null(ClientSetup.FindDevelopmentAuthority([Variable("DataDirectory", _data), Variable("Kestrel__Certificates__Default__Path", "/tmp/dev.pfx")]));
    }

    [Fact]
    public void FindDevelopmentAuthority_NoFile_IsNone() => Assert.Null(ClientSetup.FindDevelopmentAuthority([Variable("DataDirectory", _data)]));

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private static EnvironmentVariableSnapshot Variable(string name, string value) => new(name, value, IsFromSpec: true);

    private string AddAuthority()
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_data, "development")).FullName, "ca.pem");
        File.WriteAllText(file, string.Empty);
        return file;
    }
}
