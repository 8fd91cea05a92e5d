using System.Net.Security;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>The HTTP client that speaks to CAs.</summary>
internal static class AcmeHttp
{
    public const string Client = "acme";

    // Let's Encrypt answers within a second or two; a CA that needs longer is asked again later.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static void Configure(HttpClient client)
    {
        client.Timeout = Timeout;
        client.MaxResponseContentBufferSize = AcmeTransport.MaxResponseBytes;

        // RFC 8555 section 6.1 asks for a User-Agent, so that CAs can tell clients apart.
        var version = typeof(AcmeHttp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        client.DefaultRequestHeaders.UserAgent.Add(new("VllmSecure", version));
    }

    public static SocketsHttpHandler CreateHandler(IServiceProvider services)
    {
        var root = services.GetRequiredService<IOptions<AcmeOptions>>().Value.DirectoryRoot;

        // A signed request names the URL it is for, so following a redirect could never succeed.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (root is not null)
        {
            // Read with each connection that needs it: the factory remembers a handler that could not be made, for ever.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                errors == SslPolicyErrors.None || (errors == SslPolicyErrors.RemoteCertificateChainErrors && IsSignedBy(Read(root), certificate, chain));
        }

        return handler;
    }

    /// <summary>Throws <see cref="AcmeException"/>: an error of the file is not to be taken for one of the store.</summary>
    private static X509Certificate2Collection Read(string root)
    {
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(root);
            return roots;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new AcmeException($"{AcmeOptions.Section}:DirectoryRoot: {root} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Besides the system's roots, so that a private CA can stand beside a public one in the list of directories.</summary>
    private static bool IsSignedBy(X509Certificate2Collection roots, X509Certificate? certificate, X509Chain? sent)
    {
        if (certificate is not X509Certificate2 leaf || sent is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(leaf);
    }
}
