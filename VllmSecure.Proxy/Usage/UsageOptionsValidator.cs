using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Usage;

internal sealed class UsageOptionsValidator : IValidateOptions<UsageOptions>
{
    public ValidateOptionsResult Validate(string? name, UsageOptions options)
    {
        var errors = new List<string>();
        if (options.KeepDays is < 1 or > UsageOptions.MostDays)
        {
            errors.Add($"{UsageOptions.Section}:{nameof(options.KeepDays)}: {options.KeepDays} is not between 1 (today) and {UsageOptions.MostDays}.");
        }

        if (options.SaveSeconds is < 1 or > UsageOptions.MostSaveSeconds)
        {
            errors.Add($"{UsageOptions.Section}:{nameof(options.SaveSeconds)}: {options.SaveSeconds} is not between 1 and {UsageOptions.MostSaveSeconds} (a day).");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
