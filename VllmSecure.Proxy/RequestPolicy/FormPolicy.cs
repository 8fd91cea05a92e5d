using System.Text;
using VllmSecure.Proxy.Errors;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>Holds the fields of a form against the rules for members of a JSON root.</summary>
internal static class FormPolicy
{
    /// <summary>The refusal, or null for a form that may pass.</summary>
    public static ApiError? Check(IEnumerable<string> fields, RequestPolicyOptions options) =>
        fields
            .Select(name => PolicyNames.Find(Encoding.UTF8.GetBytes(name)).Field)
            .FirstOrDefault(rule => rule is not null && (rule.NeedsState || !options.AllowFields.Contains(rule.Field))) is { } refused
            ? PolicyErrors.Field(refused)
            : null;
}
