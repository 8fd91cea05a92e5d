using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Health;

internal sealed class ShutdownOptionsValidator : IValidateOptions<ShutdownOptions>
{
    public ValidateOptionsResult Validate(string? name, ShutdownOptions options) =>
        options.DrainSeconds is < 0 or > ShutdownOptions.MaxDrainSeconds
            ? ValidateOptionsResult.Fail($"Shutdown:DrainSeconds: {options.DrainSeconds} must be 0 (cut at once) or a number of seconds up to {ShutdownOptions.MaxDrainSeconds} (a day).")
            : ValidateOptionsResult.Success;
}
