using System.Net.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tests.Tls.Acme;

public sealed class AcmeHttpTests
{
    [Fact]
    public void Handler_RootThatWentAway_NamesTheSettingOnceItIsNeeded()
    {
        using var services = new ServiceCollection()
            .AddSingleton(Options.Create(new AcmeOptions { DirectoryRoot = "/does/not/exist.pem" }))
            .BuildServiceProvider();
        using var handler = AcmeHttp.CreateHandler(services);
        var validate = handler.SslOptions.RemoteCertificateValidationCallback!;

        Assert.True(validate(handler, null, null, SslPolicyErrors.None));
        var exception = Assert.Throws<AcmeException>(() => validate(handler, null, null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.StartsWith("Tls:Acme:DirectoryRoot: /does/not/exist.pem", exception.Message, StringComparison.Ordinal);
    }
}
