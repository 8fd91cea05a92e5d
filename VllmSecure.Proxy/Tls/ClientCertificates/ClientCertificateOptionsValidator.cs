using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Tls.ClientCertificates;

internal sealed class ClientCertificateOptionsValidator : IValidateOptions<ClientCertificateOptions>
{
    public ValidateOptionsResult Validate(string? name, ClientCertificateOptions options)
    {
        var errors = new List<string>();
        if (!ClientCertificateModes.All.Contains(options.Mode, StringComparer.Ordinal))
        {
            errors.Add($"Tls:ClientCertificates:Mode: '{options.Mode}' is not one of {string.Join(", ", ClientCertificateModes.All)}.");
        }
        else if (options.Mode != ClientCertificateModes.None)
        {
            ValidateAuthority(options.Authority, errors);
        }
        else if (options.Keys.Count > 0)
        {
            errors.Add("Tls:ClientCertificates:Mode: certificates are mapped to keys, but none is asked for. Set Optional or Required.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void ValidateAuthority(string? path, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            errors.Add("Tls:ClientCertificates:Authority: name the PEM file of the authority that signs client certificates.");
            return;
        }

        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            if (authorities.Count == 0)
            {
                errors.Add($"Tls:ClientCertificates:Authority: there is no PEM certificate in {path}.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            errors.Add($"Tls:ClientCertificates:Authority: {path} cannot be read: {exception.Message}");
        }
    }
}
