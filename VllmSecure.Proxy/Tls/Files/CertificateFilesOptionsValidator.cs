using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Tls.Files;

internal sealed class CertificateFilesOptionsValidator(IConfiguration configuration) : IValidateOptions<CertificateFilesOptions>
{
    public ValidateOptionsResult Validate(string? name, CertificateFilesOptions options)
    {
        // Settings of a source that is not chosen are nobody's concern.
        if (!string.Equals(configuration["Tls:Source"], TlsSources.Files, StringComparison.OrdinalIgnoreCase))
        {
            return ValidateOptionsResult.Skip;
        }

        if (options.Files.Count == 0)
        {
            return ValidateOptionsResult.Fail("Tls:Files:0:Certificate: name the PEM file with the chain (and Tls:Files:0:Key), or a PFX.");
        }

        var errors = new List<string>();
        for (var i = 0; i < options.Files.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(options.Files[i].Certificate))
            {
                errors.Add($"Tls:Files:{i}:Certificate: name the PEM file with the chain, or a PFX.");
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
