using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Routing.Health;

internal sealed class UpstreamHealthOptionsValidator : IValidateOptions<UpstreamHealthOptions>
{
    /// <summary>A day; timers cannot wait for more than 49.</summary>
    private const int MaxSeconds = 24 * 60 * 60;

    public ValidateOptionsResult Validate(string? name, UpstreamHealthOptions options)
    {
        var errors = new List<string>();
        Require(nameof(options.IntervalSeconds), options.IntervalSeconds, 0, MaxSeconds);
        Require(nameof(options.TimeoutSeconds), options.TimeoutSeconds, 1, MaxSeconds);
        Require(nameof(options.Failures), options.Failures, 2, int.MaxValue); // One transient error must not take a server away.
        Require(nameof(options.OpenSeconds), options.OpenSeconds, 1, MaxSeconds);
        Require(nameof(options.SlowStartSeconds), options.SlowStartSeconds, 0, MaxSeconds);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Require(string key, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                errors.Add($"{UpstreamHealthOptions.Section}:{key}: {value} must be between {least} and {most}.");
            }
        }
    }
}
