using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.RequestPolicy;

internal sealed class RequestPolicyOptionsValidator(PolicyOverrides overrides) : IValidateOptions<RequestPolicyOptions>
{
    public ValidateOptionsResult Validate(string? name, RequestPolicyOptions options)
    {
        var errors = new List<string>(overrides.Mistakes);
        Check(RequestPolicyOptions.Section, options, errors);
        foreach (var (key, own) in overrides.ByKey)
        {
            Check($"{RequestPolicyOptions.Section}:{PolicyOverrides.KeysSection}:{key}", own, errors);
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void Check(string section, RequestPolicyOptions options, List<string> errors)
    {
        RequirePositive(nameof(options.MaxChoices), options.MaxChoices);
        RequirePositive(nameof(options.MaxOutputTokens), options.MaxOutputTokens);
        RequirePositive(nameof(options.MaxPrompts), options.MaxPrompts);
        RequirePositive(nameof(options.MaxInputs), options.MaxInputs);
        RequirePositive(nameof(options.MaxMediaBytes), options.MaxMediaBytes);
        RequirePositive(nameof(options.MaxSchemaBytes), options.MaxSchemaBytes);
        RequirePositive(nameof(options.MaxSchemaDepth), options.MaxSchemaDepth);
        RequireNotNegative(nameof(options.MaxLogprobs), options.MaxLogprobs);
        RequireNotNegative(nameof(options.MaxMediaItems), options.MaxMediaItems);
        foreach (var host in options.MediaHosts)
        {
            var domain = host.StartsWith("*.", StringComparison.Ordinal) ? host.AsSpan(2) : host;
            if (!MediaUrl.IsPublicHostName(domain))
            {
                errors.Add($"{section}:MediaHosts: '{host}' must be a public DNS name in lower case, such as images.example.com or *.example.com, without scheme or port; addresses and internal names are never fetched from.");
            }
        }

        foreach (var field in options.AllowFields)
        {
            if (!FieldRules.All.Any(rule => !rule.NeedsState && rule.Field == field))
            {
                errors.Add($"{section}:AllowFields: '{field}' is not a field that can be allowed. Those are: {string.Join(", ", FieldRules.All.Where(rule => !rule.NeedsState).Select(rule => rule.Field))}.");
            }
        }

        void RequirePositive(string key, long value)
        {
            if (value <= 0)
            {
                errors.Add($"{section}:{key}: {value} must be greater than 0.");
            }
        }

        void RequireNotNegative(string key, long value)
        {
            if (value < 0)
            {
                errors.Add($"{section}:{key}: {value} must be 0 or more.");
            }
        }
    }
}
