using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Tls;

internal sealed class TlsHstsOptionsValidator : IValidateOptions<TlsHstsOptions>
{
    // Ten years: more is surely a mistake in the unit.
    private const int MaxDays = 3650;

    public ValidateOptionsResult Validate(string? name, TlsHstsOptions options) =>
        options.MaxAgeDays is >= 0 and <= MaxDays
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Tls:Hsts:MaxAgeDays: {options.MaxAgeDays} is not a number of days from 0 (no header) to {MaxDays}.");
}
