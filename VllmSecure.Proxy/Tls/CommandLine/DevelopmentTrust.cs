using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using VllmSecure.Proxy.Tls.Development;

namespace VllmSecure.Proxy.Tls.CommandLine;

/// <summary><c>certificates trust</c>: how clients come to trust the development authority.</summary>
internal sealed class DevelopmentTrust(DevelopmentCertificateAuthority authority)
{
    // Debian's and Ubuntu's place for authorities of the administrator's.
    private const string LinuxStore = "/usr/local/share/ca-certificates/vllm-secure-development.crt";

    public async Task<int> RunAsync(bool install, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        using var certificate = authority.TryLoad();
        if (certificate is null)
        {
            await errors.WriteLineAsync($"There is no development authority at {authority.Path} yet: the proxy makes it at its first start in Development.");
            return 1;
        }

        if (install)
        {
            return await InstallAsync(output, errors, cancellationToken);
        }

        // As one word of a shell: on macOS the path has a space in it.
        var file = $"'{authority.Path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        await output.WriteLineAsync($"""
            The development authority is {authority.Path}
              curl                  --cacert {file}
              Python                export SSL_CERT_FILE={file} REQUESTS_CA_BUNDLE={file}
              Node, VS Code         export NODE_EXTRA_CA_CERTS={file}
              Debian, Ubuntu        sudo cp {file} {LinuxStore} && sudo update-ca-certificates
              Fedora, RHEL          sudo trust anchor {file}
              macOS                 security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db {file}
              Windows               certutil -user -addstore Root "{authority.Path}"
              Firefox               Settings, Certificates, Import
            """);
        return 0;
    }

    private async Task<int> InstallAsync(TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            // .NET's own store of the user: all of Windows, and .NET programs elsewhere.
            using var store = new X509Store(StoreName.Root, StoreLocation.CurrentUser, OpenFlags.ReadWrite);
            using var root = X509CertificateLoader.LoadCertificateFromFile(authority.Path);
            store.Add(root);
            if (OperatingSystem.IsLinux())
            {
                File.Copy(authority.Path, LinuxStore, overwrite: true);
                File.SetUnixFileMode(LinuxStore, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
                using var update = Process.Start("update-ca-certificates");
                await update.WaitForExitAsync(cancellationToken);
            }

            await output.WriteLineAsync("Trusted. Node and Python keep stores of their own: see 'certificates trust'.");
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception or System.Security.Cryptography.CryptographicException)
        {
            await errors.WriteLineAsync($"Not trusted everywhere: {exception.Message} Run it as root, or follow one of the lines of 'certificates trust'.");
            return 1;
        }
    }
}
