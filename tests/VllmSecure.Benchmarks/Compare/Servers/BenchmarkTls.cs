using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace VllmSecure.Benchmarks.Compare.Servers;

internal static class BenchmarkTls
{
    /// <summary>HTTP/1.1 over TLS 1.3, as every server of the comparison speaks.</summary>
    public static void UseBenchmarkTls(this ListenOptions listen, string certificateFile, string keyFile)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.UseHttps(X509Certificate2.CreateFromPemFile(certificateFile, keyFile), https => https.SslProtocols = SslProtocols.Tls13);
    }
}
