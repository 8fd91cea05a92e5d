using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Cors;

internal sealed class CorsOptionsValidator : IValidateOptions<CorsOptions>
{
    public ValidateOptionsResult Validate(string? name, CorsOptions options)
    {
        var wrong = options.AllowedOrigins
            .Where(origin => origin != "*" && !IsOrigin(origin))
            .Select(origin => $"Cors:AllowedOrigins: '{origin}' is not an origin. Write scheme, host and port only, such as https://chat.example.org.")
            .ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && string.Equals(origin, uri.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase);
}
