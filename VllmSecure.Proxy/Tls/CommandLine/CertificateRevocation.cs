using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Storage;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Storage;

namespace VllmSecure.Proxy.Tls.CommandLine;

/// <summary><c>certificates revoke</c>: for a key that somebody else may have; the proxy that serves, or the next one, orders another at once.</summary>
internal sealed class CertificateRevocation(
    IOptions<AcmeOptions> acme,
    AcmeRecords records,
    IHttpClientFactory http,
    RenewalRequests requests,
    DataDirectoryLock serving,
    TimeProvider clock)
{
    // RFC 5280 section 5.3.1: the reason that lets CAs and browsers act soonest.
    private const int KeyCompromise = 1;

    public async Task<int> RunAsync(string name, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (AcmeIdentifier.TryParse(name) is not { } identifier)
        {
            await errors.WriteLineAsync($"'{name}' is neither a domain name nor an IP address.");
            return 1;
        }

        try
        {
            await RevokeAsync(identifier, cancellationToken);
            await output.WriteLineAsync($"{identifier}: revoked.");
        }
        catch (Exception exception) when (exception is AcmeException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"{identifier}: not revoked: {exception.Message}");
            return 1;
        }

        return await ReplaceAsync(identifier, output, errors);
    }

    /// <summary>Also where no proxy serves: the next one would go on with the key that somebody else may have.</summary>
    private async Task<int> ReplaceAsync(AcmeIdentifier identifier, TextWriter output, TextWriter errors)
    {
        try
        {
            requests.Place(identifier);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"{identifier}: another certificate cannot be asked for: {exception.Message} Make DataDirectory writable, and run 'certificates renew'.");
            return 1;
        }

        await output.WriteLineAsync(Successor(identifier));
        return 0;
    }

    private string Successor(AcmeIdentifier identifier)
    {
        if (!acme.Value.Domains.Select(AcmeIdentifier.TryParse).Contains(identifier))
        {
            return $"It is not in {AcmeOptions.Section}:Domains: another certificate is ordered once it is.";
        }

        return serving.IsHeldByAnother()
            ? "The proxy that serves orders another certificate now."
            : "No proxy serves from this data directory: the next one to start orders another certificate.";
    }

    private async Task RevokeAsync(AcmeIdentifier identifier, CancellationToken cancellationToken)
    {
        var certificate = await records.CertificateAsync(identifier, cancellationToken)
            ?? throw new AcmeException("there is no certificate of this name in the data directory.");
        var directoryUrl = (await records.StateAsync(identifier, cancellationToken)).Directory
            ?? throw new AcmeException("it is not known which CA issued it.");
        var client = http.CreateClient(AcmeHttp.Client);
        var directory = await AcmeClient.GetDirectoryAsync(client, directoryUrl, clock, cancellationToken);
        using var key = await records.AccountKeyAsync(directoryUrl, cancellationToken);
        var account = new AcmeClient(client, directory, key, clock);
        await account.RegisterAsync(acme.Value.Email, external: null, cancellationToken);
        await account.RevokeAsync(certificate.Leaf.RawData, KeyCompromise, cancellationToken);
    }
}
