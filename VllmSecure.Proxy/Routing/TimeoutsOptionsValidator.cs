using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Routing;

internal sealed class TimeoutsOptionsValidator : IValidateOptions<TimeoutsOptions>
{
    public ValidateOptionsResult Validate(string? name, TimeoutsOptions options)
    {
        var errors = new List<string>();
        RequirePositive(nameof(options.ConnectSeconds), options.ConnectSeconds);
        RequirePositive(nameof(options.FirstByteSeconds), options.FirstByteSeconds);
        RequirePositive(nameof(options.BetweenBytesSeconds), options.BetweenBytesSeconds);
        if (options.TotalSeconds < 0)
        {
            errors.Add($"{TimeoutsOptions.Section}:{nameof(options.TotalSeconds)}: {options.TotalSeconds} must be 0 (unlimited) or a number of seconds.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void RequirePositive(string key, int value)
        {
            if (value <= 0)
            {
                errors.Add($"{TimeoutsOptions.Section}:{key}: {value} must be a number of seconds greater than 0.");
            }
        }
    }
}
