using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Listeners;

internal sealed class LimitsOptionsValidator : IValidateOptions<LimitsOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitsOptions options)
    {
        var errors = new List<string>();
        RequirePositive(nameof(options.MaxConnections), options.MaxConnections);
        RequirePositive(nameof(options.MaxStreamsPerConnection), options.MaxStreamsPerConnection);
        RequirePositive(nameof(options.HandshakeTimeoutSeconds), options.HandshakeTimeoutSeconds);
        RequirePositive(nameof(options.HeadersTimeoutSeconds), options.HeadersTimeoutSeconds);
        RequirePositive(nameof(options.MaxHeadersBytes), options.MaxHeadersBytes);
        RequirePositive(nameof(options.MaxHeaders), options.MaxHeaders);
        RequirePositive(nameof(options.KeepAliveSeconds), options.KeepAliveSeconds);
        if (options.MaxConnectionsPerAddress < 0)
        {
            errors.Add($"{LimitsOptions.Section}:{nameof(options.MaxConnectionsPerAddress)}: {options.MaxConnectionsPerAddress} must be 0 (no limit) or greater.");
        }

        RequireRate(nameof(options.MinRequestBytesPerSecond), options.MinRequestBytesPerSecond);
        RequireRate(nameof(options.MinResponseBytesPerSecond), options.MinResponseBytesPerSecond);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void RequirePositive(string key, int value)
        {
            if (value <= 0)
            {
                errors.Add($"{LimitsOptions.Section}:{key}: {value} must be greater than 0.");
            }
        }

        void RequireRate(string key, double value)
        {
            if (!double.IsFinite(value) || value < 0)
            {
                errors.Add($"{LimitsOptions.Section}:{key}: must be 0 (no minimum) or a number of bytes a second.");
            }
        }
    }
}
