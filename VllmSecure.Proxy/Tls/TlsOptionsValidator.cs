using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Tls;

internal sealed class TlsOptionsValidator(IConfiguration configuration, IHostEnvironment environment) : IValidateOptions<TlsOptions>
{
    public ValidateOptionsResult Validate(string? name, TlsOptions options)
    {
        var errors = new List<string>();
        if (TlsSourceChoice.Of(options, configuration, environment) is null)
        {
            errors.Add(string.IsNullOrWhiteSpace(options.Source)
                ? "Tls:Source: Production has no certificate. Set Acme (with Tls:Acme:Domains:0), Files (with Tls:Files:0:Certificate), or Development for a certificate of a local authority."
                : $"Tls:Source: '{options.Source}' is not one of {string.Join(", ", TlsSources.Configurable)}.");
        }

        if (options.MinimumVersion is not (TlsVersions.Tls12 or TlsVersions.Tls13))
        {
            errors.Add($"Tls:MinimumVersion: '{options.MinimumVersion}' is neither 1.2 nor 1.3.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
