using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Listeners;

internal sealed class LimitsOptionsValidator : IValidateOptions<LimitsOptions>
{
    /// <summary>A day; timers cannot wait for more than 49.</summary>
    private const int MaxSeconds = 24 * 60 * 60;

    /// <summary>Kestrel's buffer of a request, into which its headers must fit.</summary>
    private const int MaxHeadersBytes = 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, LimitsOptions options)
    {
        var errors = new List<string>();
        Require(nameof(options.MaxConnections), options.MaxConnections, int.MaxValue);
        Require(nameof(options.MaxStreamsPerConnection), options.MaxStreamsPerConnection, int.MaxValue);
        Require(nameof(options.HandshakeTimeoutSeconds), options.HandshakeTimeoutSeconds, MaxSeconds);
        Require(nameof(options.HeadersTimeoutSeconds), options.HeadersTimeoutSeconds, MaxSeconds);
        Require(nameof(options.MaxHeadersBytes), options.MaxHeadersBytes, MaxHeadersBytes);
        Require(nameof(options.MaxHeaders), options.MaxHeaders, MaxHeadersBytes); // Kestrel doubles it for HTTP/2; and a header has bytes.
        Require(nameof(options.KeepAliveSeconds), options.KeepAliveSeconds, MaxSeconds);
        if (options.MaxConnectionsPerAddress < 0)
        {
            errors.Add($"{LimitsOptions.Section}:{nameof(options.MaxConnectionsPerAddress)}: {options.MaxConnectionsPerAddress} must be 0 (no limit) or greater.");
        }

        RequireRate(nameof(options.MinRequestBytesPerSecond), options.MinRequestBytesPerSecond);
        RequireRate(nameof(options.MinResponseBytesPerSecond), options.MinResponseBytesPerSecond);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Require(string key, int value, int most)
        {
            if (value < 1 || value > most)
            {
                errors.Add($"{LimitsOptions.Section}:{key}: {value} must be between 1 and {most}.");
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
