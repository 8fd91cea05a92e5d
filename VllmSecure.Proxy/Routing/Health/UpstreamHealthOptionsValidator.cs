using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Routing.Health;

internal sealed class UpstreamHealthOptionsValidator : IValidateOptions<UpstreamHealthOptions>
{
    public ValidateOptionsResult Validate(string? name, UpstreamHealthOptions options)
    {
        var errors = new List<string>();
        Require(nameof(options.IntervalSeconds), options.IntervalSeconds, 0);
        Require(nameof(options.TimeoutSeconds), options.TimeoutSeconds, 1);
        Require(nameof(options.Failures), options.Failures, 2); // One transient error must not take a server away.
        Require(nameof(options.OpenSeconds), options.OpenSeconds, 1);
        Require(nameof(options.SlowStartSeconds), options.SlowStartSeconds, 0);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Require(string key, int value, int least)
        {
            if (value < least)
            {
                errors.Add($"{UpstreamHealthOptions.Section}:{key}: {value} must be {least} or more.");
            }
        }
    }
}
