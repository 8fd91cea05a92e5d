using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.StatefulResponses;

internal sealed class StatefulResponsesOptionsValidator : IValidateOptions<StatefulResponsesOptions>
{
    public ValidateOptionsResult Validate(string? name, StatefulResponsesOptions options)
    {
        var errors = new List<string>();
        Require(nameof(options.MaxResponses), options.MaxResponses);
        Require(nameof(options.Hours), options.Hours);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Require(string key, int value)
        {
            if (value < 1)
            {
                errors.Add($"{StatefulResponsesOptions.Section}:{key}: {value} must be 1 or more. To keep nothing, set {StatefulResponsesOptions.Section}:{nameof(options.Enabled)} to false.");
            }
        }
    }
}
