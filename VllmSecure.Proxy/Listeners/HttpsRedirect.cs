using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Listeners;

/// <summary>
/// Ends the redirect listener: 308 to HTTPS for a GET or HEAD that carries nothing secret, 403 for everything else.
/// A redirect that works would let a misconfigured client send its prompts and its key in clear each time, unnoticed.
/// </summary>
internal sealed class HttpsRedirect(IOptions<ListenerOptions> options, BoundListeners listeners)
{
    private static readonly ApiError HttpsRequired = new(
        StatusCodes.Status403Forbidden, ApiErrorTypes.Permission, "https_required",
        "This address speaks plain HTTP, where prompts and keys travel unprotected. Use the https:// address, and replace an API key that was sent here.");

    private static readonly string[] CredentialHeaders = ["Authorization", "Proxy-Authorization", "x-api-key", "api-key", "Cookie"];

    private static readonly FrozenSet<string> CredentialParameters =
        new[] { "key", "api_key", "api-key", "apikey", "token", "access_token" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsHarmless(request) || !request.Host.HasValue)
        {
            // Not keeping the connection means not reading the body either.
            context.Response.Headers.Connection = "close";
            return context.WriteErrorAsync(HttpsRequired);
        }

        var port = options.Value.PublicHttpsPort ?? listeners.First(ListenerRole.Inference)?.Port;
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = Target(request, port);
        return Task.CompletedTask;
    }

    private static bool IsHarmless(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.ContentLength is null or 0
        && !request.Headers.ContainsKey("Transfer-Encoding")
        && !request.Query.Keys.Any(key => CredentialParameters.Contains(key))
        && !Array.Exists(CredentialHeaders, request.Headers.ContainsKey);

    private static string Target(HttpRequest request, int? port)
    {
        var host = port is null or 443
            ? request.Host.Host
            : string.Create(CultureInfo.InvariantCulture, $"{request.Host.Host}:{port}");
        return string.Concat("https://", host, request.Path.ToUriComponent(), request.QueryString.ToUriComponent());
    }
}
