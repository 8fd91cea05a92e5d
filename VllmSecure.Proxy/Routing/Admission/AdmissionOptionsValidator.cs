using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Routing.Admission;

internal sealed class AdmissionOptionsValidator : IValidateOptions<AdmissionOptions>
{
    /// <summary>A day; timers cannot wait for more than 49.</summary>
    private const int MaxWaitSeconds = 24 * 60 * 60;

    public ValidateOptionsResult Validate(string? name, AdmissionOptions options)
    {
        var errors = new List<string>();
        Require(nameof(options.MaxEngineQueue), options.MaxEngineQueue, least: 0);
        Require(nameof(options.MaxQueued), options.MaxQueued, least: 1);
        Require(nameof(options.MaxQueuedPerKey), options.MaxQueuedPerKey, least: 1);
        Require(nameof(options.MaxWaitSeconds), options.MaxWaitSeconds, least: 1);
        if (options.MaxWaitSeconds > MaxWaitSeconds)
        {
            errors.Add($"{AdmissionOptions.Section}:{nameof(options.MaxWaitSeconds)}: {options.MaxWaitSeconds} must be {MaxWaitSeconds} (a day) or less.");
        }

        if (options.MaxCacheUsage is not (> 0 and <= 1))
        {
            errors.Add($"{AdmissionOptions.Section}:{nameof(options.MaxCacheUsage)}: must be above 0 and at most 1, 0.95 being usual.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Require(string key, int value, int least)
        {
            if (value < least)
            {
                errors.Add($"{AdmissionOptions.Section}:{key}: {value} must be {least} or more. To hold nothing back, set {AdmissionOptions.Section}:{nameof(options.Enabled)} to false.");
            }
        }
    }
}
