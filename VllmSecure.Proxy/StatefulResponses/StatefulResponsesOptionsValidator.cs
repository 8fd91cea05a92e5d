using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.StatefulResponses;

internal sealed class StatefulResponsesOptionsValidator : IValidateOptions<StatefulResponsesOptions>
{
    /// <summary>Ten years.</summary>
    private const int MaxHours = 10 * 365 * 24;

    public ValidateOptionsResult Validate(string? name, StatefulResponsesOptions options)
    {
        var errors = new List<string>();
        Require(nameof(options.MaxResponses), options.MaxResponses, int.MaxValue);
        Require(nameof(options.Hours), options.Hours, MaxHours);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Require(string key, int value, int most)
        {
            if (value < 1 || value > most)
            {
                errors.Add($"{StatefulResponsesOptions.Section}:{key}: {value} must be between 1 and {most}. To keep nothing, set {StatefulResponsesOptions.Section}:{nameof(options.Enabled)} to false.");
            }
        }
    }
}
