using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Storage;

internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options) =>
        string.IsNullOrWhiteSpace(options.DataDirectory) || !Path.IsPathFullyQualified(Path.GetFullPath(options.DataDirectory))
            ? ValidateOptionsResult.Fail("DataDirectory: give the path of a directory that the proxy may write, such as /var/lib/vllm-secure.")
            : ValidateOptionsResult.Success;
}
