using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Caching;

internal sealed class CachingOptionsValidator : IValidateOptions<CachingOptions>
{
    /// <summary>An array of .NET holds 2 GB; answers are far below.</summary>
    private const int MaxKilobytes = 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, CachingOptions options)
    {
        var errors = new List<string>();
        Require(nameof(options.Seconds), options.Seconds, int.MaxValue);
        Require(nameof(options.MaxMegabytes), options.MaxMegabytes, MaxKilobytes);
        Require(nameof(options.MaxAnswerKilobytes), options.MaxAnswerKilobytes, MaxKilobytes);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Require(string key, int value, int most)
        {
            if (value < 1 || value > most)
            {
                errors.Add($"{CachingOptions.Section}:{key}: {value} must be between 1 and {most}. To keep nothing, set {CachingOptions.Section}:{nameof(options.Enabled)} to false.");
            }
        }
    }
}
