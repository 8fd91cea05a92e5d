using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.ApiSurface;

internal sealed class ApiSurfaceOptionsValidator : IValidateOptions<ApiSurfaceOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiSurfaceOptions options)
    {
        var errors = new List<string>();
        RequirePositive(nameof(options.MaxBodyBytes), options.MaxBodyBytes);
        RequirePositive(nameof(options.MaxMediaBodyBytes), options.MaxMediaBodyBytes);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void RequirePositive(string key, long value)
        {
            if (value <= 0)
            {
                errors.Add($"{ApiSurfaceOptions.Section}:{key}: {value} must be a number of bytes greater than 0.");
            }
        }
    }
}
