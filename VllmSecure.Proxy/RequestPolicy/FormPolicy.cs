using System.Text;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.RequestPolicy;

/// <summary>Holds the fields of a form against the rules for members of a JSON root.</summary>
internal static class FormPolicy
{
    /// <summary>The refusal, or null for a form that may pass.</summary>
    public static ApiError? Check(RequestFacts form, RequestPolicyOptions options)
    {
        if (form.LargestFormField > options.MaxMediaBytes)
        {
            return PolicyErrors.MediaSize(options.MaxMediaBytes) with { Param = "file" };
        }

        foreach (var (name, number) in form.FormFields)
        {
            var rules = PolicyNames.Find(Encoding.UTF8.GetBytes(name));
            if (rules.Field is { } field && (field.NeedsState || !options.AllowFields.Contains(field.Field)))
            {
                return PolicyErrors.Field(field);
            }

            // A list ("prompt") is text in a form.
            if (rules.Cap is { CountsItems: false } cap && !(number <= cap.Limit(options)))
            {
                return PolicyErrors.Limit(cap, cap.Limit(options));
            }
        }

        return null;
    }
}
