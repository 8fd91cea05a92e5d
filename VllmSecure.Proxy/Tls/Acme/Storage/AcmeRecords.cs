using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls.Acme.Storage;

/// <summary>Accounts, certificates and their states as they lie in the storage.</summary>
internal sealed class AcmeRecords(IAcmeStorage storage)
{
    /// <summary>The account key for a CA; a new one is on disk before any CA hears of it.</summary>
    public async Task<AccountKey> AccountKeyAsync(Uri directory, CancellationToken cancellationToken)
    {
        var name = $"accounts/{NameOf(directory)}.pem";
        using var held = await storage.LockAsync(name, cancellationToken);
        if (await storage.ReadAsync(name, cancellationToken) is { } stored)
        {
            try
            {
                return AccountKey.FromPem(Encoding.ASCII.GetString(stored));
            }
            catch (Exception exception) when (exception is CryptographicException or ArgumentException)
            {
                throw new AcmeException($"The account key {name} cannot be read: {exception.Message} Delete it to make a new account.", exception);
            }
        }

        var key = AccountKey.Create();
        await storage.WriteAsync(name, Encoding.ASCII.GetBytes(key.ToPem()), cancellationToken);
        return key;
    }

    /// <summary>The certificate at hand; null where there is none. Throws <see cref="CryptographicException"/> where it is broken.</summary>
    public async Task<ServerCertificate?> CertificateAsync(AcmeIdentifier identifier, CancellationToken cancellationToken)
    {
        if (await storage.ReadAsync(CertificateName(identifier), cancellationToken) is not { } stored)
        {
            return null;
        }

        var pem = Encoding.ASCII.GetString(stored);
        return CertificateFileReader.ReadPem(pem, pem, password: null, "ACME");
    }

    /// <summary>Chain and key in one file: so they can never be of two different certificates.</summary>
    public Task SaveCertificateAsync(AcmeIdentifier identifier, string chainPem, string keyPem, CancellationToken cancellationToken) =>
        storage.WriteAsync(CertificateName(identifier), Encoding.ASCII.GetBytes($"{chainPem.TrimEnd()}\n{keyPem.TrimEnd()}\n"), cancellationToken);

    /// <summary>The state; a fresh one where there is none or where it is broken, as it only saves waiting.</summary>
    public async Task<CertificateState> StateAsync(AcmeIdentifier identifier, CancellationToken cancellationToken)
    {
        try
        {
            return await storage.ReadAsync(StateName(identifier), cancellationToken) is { } stored
                ? JsonSerializer.Deserialize(stored, StorageJsonContext.Default.CertificateState) ?? new CertificateState()
                : new CertificateState();
        }
        catch (JsonException)
        {
            return new CertificateState();
        }
    }

    public Task SaveStateAsync(AcmeIdentifier identifier, CertificateState state, CancellationToken cancellationToken) =>
        storage.WriteAsync(StateName(identifier), JsonSerializer.SerializeToUtf8Bytes(state, StorageJsonContext.Default.CertificateState), cancellationToken);

    /// <summary>Excludes every other instance from ordering for this identifier.</summary>
    public Task<IDisposable> LockOrderAsync(AcmeIdentifier identifier, CancellationToken cancellationToken) =>
        storage.LockAsync(CertificateName(identifier), cancellationToken);

    /// <summary>A file name on every system: an asterisk and the colons of IPv6 are none.</summary>
    public static string NameOf(AcmeIdentifier identifier) =>
        identifier.Value.Replace("*", "_wildcard", StringComparison.Ordinal).Replace(':', '_');

    private static string CertificateName(AcmeIdentifier identifier) => $"certificates/{NameOf(identifier)}.pem";

    private static string StateName(AcmeIdentifier identifier) => $"certificates/{NameOf(identifier)}.json";

    /// <summary>The host to be read by people, and a hash, as one host may have several directories.</summary>
    private static string NameOf(Uri directory) =>
        $"{directory.IdnHost}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory.AbsoluteUri)).AsSpan(0, 4))}".Replace(':', '_');
}
