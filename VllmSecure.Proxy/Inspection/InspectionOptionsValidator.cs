using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Inspection;

internal sealed class InspectionOptionsValidator : IValidateOptions<InspectionOptions>
{
    /// <summary>One segment of the largest size must fit, or no large body could ever be read.</summary>
    private const long SmallestBudget = PooledBody.LargestSegment;

    public ValidateOptionsResult Validate(string? name, InspectionOptions options)
    {
        var errors = new List<string>();
        if (options.MaxBufferedBytes < SmallestBudget)
        {
            errors.Add($"{InspectionOptions.Section}:MaxBufferedBytes: {options.MaxBufferedBytes} must be at least {SmallestBudget} (bytes).");
        }

        if (options.MaxDepth is < 8 or > 1000)
        {
            errors.Add($"{InspectionOptions.Section}:MaxDepth: {options.MaxDepth} must be between 8 and 1000.");
        }

        if (options.MaxObjectMembers is < 64 or > 16_384)
        {
            errors.Add($"{InspectionOptions.Section}:MaxObjectMembers: {options.MaxObjectMembers} must be between 64 and 16384.");
        }

        if (options.KeepAliveSeconds is < 0 or > 3600)
        {
            errors.Add($"{InspectionOptions.Section}:KeepAliveSeconds: {options.KeepAliveSeconds} must be between 1 and 3600, or 0 (no comments).");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
