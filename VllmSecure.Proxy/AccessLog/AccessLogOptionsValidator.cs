using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.AccessLog;

internal sealed class AccessLogOptionsValidator : IValidateOptions<AccessLogOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessLogOptions options)
    {
        var errors = new List<string>();
        Require(options.MaxFileBytes > 0, nameof(options.MaxFileBytes), "must be greater than 0.");
        Require(options.MaxFileAgeHours is > 0 and <= AccessLogOptions.MostFileAgeHours, nameof(options.MaxFileAgeHours), $"must be between 1 and {AccessLogOptions.MostFileAgeHours} (ten years).");
        Require(options.KeepFiles >= 0, nameof(options.KeepFiles), "must be 0 or more.");
        Require(options.QueueLength > 0, nameof(options.QueueLength), "must be greater than 0.");
        Require(options.File is null || IsFile(options.File), nameof(options.File), "must be the path of a file, such as /var/log/vllm-secure/access.log.");
        foreach (var field in options.Fields.Keys.Where(field => !AccessLogFields.IsKnown(field)))
        {
            Require(false, $"{nameof(options.Fields)}:{field}", $"there is no such field. There are: {AccessLogFields.Names}.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Require(bool valid, string key, string message)
        {
            if (!valid)
            {
                errors.Add($"{AccessLogOptions.Section}:{key}: {message}");
            }
        }
    }

    private static bool IsFile(string path) =>
        !string.IsNullOrWhiteSpace(path) && !string.IsNullOrEmpty(Path.GetFileName(path)) && !Directory.Exists(path);
}
