using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Routing;

internal sealed class TimeoutsOptionsValidator : IValidateOptions<TimeoutsOptions>
{
    /// <summary>Eleven days: below what timers can wait, and below YARP's own activity timeout (<see cref="UpstreamConfigProvider"/>).</summary>
    private const int MaxSeconds = 1_000_000;

    public ValidateOptionsResult Validate(string? name, TimeoutsOptions options)
    {
        var errors = new List<string>();
        Require(nameof(options.ConnectSeconds), options.ConnectSeconds);
        Require(nameof(options.FirstByteSeconds), options.FirstByteSeconds);
        Require(nameof(options.BetweenBytesSeconds), options.BetweenBytesSeconds);
        if (options.TotalSeconds < 0)
        {
            errors.Add($"{TimeoutsOptions.Section}:{nameof(options.TotalSeconds)}: {options.TotalSeconds} must be 0 (unlimited) or a number of seconds.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Require(string key, int value)
        {
            if (value is < 1 or > MaxSeconds)
            {
                errors.Add($"{TimeoutsOptions.Section}:{key}: {value} must be a number of seconds from 1 to {MaxSeconds}.");
            }
        }
    }
}
