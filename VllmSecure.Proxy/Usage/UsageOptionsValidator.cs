using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Usage;

internal sealed class UsageOptionsValidator : IValidateOptions<UsageOptions>
{
    public ValidateOptionsResult Validate(string? name, UsageOptions options)
    {
        var errors = new List<string>();
        if (options.KeepDays < 1)
        {
            errors.Add($"{UsageOptions.Section}:{nameof(options.KeepDays)}: {options.KeepDays} must be 1 (today) or more.");
        }

        if (options.SaveSeconds < 1)
        {
            errors.Add($"{UsageOptions.Section}:{nameof(options.SaveSeconds)}: {options.SaveSeconds} must be 1 or more.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
