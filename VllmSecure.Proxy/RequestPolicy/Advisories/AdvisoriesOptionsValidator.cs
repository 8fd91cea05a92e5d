using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.RequestPolicy.Advisories;

internal sealed class AdvisoriesOptionsValidator : IValidateOptions<AdvisoriesOptions>
{
    public ValidateOptionsResult Validate(string? name, AdvisoriesOptions options) =>
        options.RetrySeconds is < 1 or > 86_400
            ? ValidateOptionsResult.Fail($"{AdvisoriesOptions.Section}:RetrySeconds: {options.RetrySeconds} must be between 1 and 86400.")
            : ValidateOptionsResult.Success;
}
