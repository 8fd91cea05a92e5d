using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace VllmSecure.IntegrationTests.Tls;

/// <summary>Debian's <c>openssl s_client</c>: a client that says which suite it got and whether a session was resumed.</summary>
internal static class OpenSsl
{
    /// <summary>Connects, sends one request, and returns what s_client printed.</summary>
    public static async Task<string> ConnectAsync(TlsServer server, params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["s_client", "-connect", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}"), "-servername", "localhost", "-CAfile", server.AuthorityPath, "-ign_eof", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        Process? process = null;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("openssl is missing: install the package openssl.");
        }

        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            try
            {
                await process.StandardInput.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The handshake failed and s_client is gone: its output says so.
            }

            var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
            return output + await errors;
        }
    }
}
