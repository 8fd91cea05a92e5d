using System.Globalization;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Quotas;

internal sealed class QuotasOptionsValidator : IValidateOptions<QuotasOptions>
{
    public ValidateOptionsResult Validate(string? name, QuotasOptions options)
    {
        var errors = new List<string>(options.Mistakes);
        Check("Default", options.Default, errors);
        Check("Global", options.Global, errors);
        if (options.AssumedOutputTokens < 0)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"Quotas:AssumedOutputTokens: {options.AssumedOutputTokens} must be 0 or more."));
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void Check(string section, QuotaLimits limits, List<string> errors)
    {
        RequirePositive(nameof(limits.RequestsPerMinute), limits.RequestsPerMinute);
        RequirePositive(nameof(limits.TokensPerMinute), limits.TokensPerMinute);
        RequirePositive(nameof(limits.TokensPerDay), limits.TokensPerDay);
        RequirePositive(nameof(limits.MaxConcurrent), limits.MaxConcurrent);

        void RequirePositive(string key, long? limit)
        {
            if (limit <= 0)
            {
                errors.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Quotas:{section}:{key}: {limit} must be above 0. Leave it out for no limit; to shut a key out, revoke it."));
            }
        }
    }
}
