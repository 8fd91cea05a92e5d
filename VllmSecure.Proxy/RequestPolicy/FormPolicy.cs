using System.Text;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>Holds the fields of a form against the rules for members of a JSON root.</summary>
internal static class FormPolicy
{
    /// <summary>The refusal, or null for a form that may pass.</summary>
    public static ApiError? Check(RequestFacts form, RequestPolicyOptions options) =>
        form.LargestFormField > options.MaxMediaBytes ? PolicyErrors.MediaSize(options.MaxMediaBytes) with { Param = "file" }
        : form.FormFields
            .Select(name => PolicyNames.Find(Encoding.UTF8.GetBytes(name)).Field)
            .FirstOrDefault(rule => rule is not null && (rule.NeedsState || !options.AllowFields.Contains(rule.Field))) is { } refused
            ? PolicyErrors.Field(refused)
            : null;
}
