using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Cors;

internal static class CorsExtensions
{
    // An hour saves most preflights; browsers cap it lower by themselves (Chromium: two hours).
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(1);

    /// <summary>What a page may read besides the body.</summary>
    private static readonly string[] ExposedHeaders =
    [
        "X-Request-Id", "X-Queue-Time", "Retry-After",
        "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests",
        "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens",
    ];

    public static WebApplicationBuilder AddProxyCors(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<CorsOptions>().BindConfiguration(CorsOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<CorsOptions>, CorsOptionsValidator>();
        builder.Services.AddCors();
        return builder;
    }

    /// <summary>Answers preflights and marks answers for the allowed origins; without any, it is not in the pipeline.</summary>
    public static IApplicationBuilder UseProxyCors(this IApplicationBuilder app)
    {
        var origins = app.ApplicationServices.GetRequiredService<IConfiguration>()
            .GetSection($"{CorsOptions.Section}:{nameof(CorsOptions.AllowedOrigins)}").GetChildren().Select(child => child.Value ?? "").ToArray();
        return origins.Length == 0 ? app : app.UseCors(policy => Configure(policy, origins));
    }

    private static void Configure(CorsPolicyBuilder policy, string[] origins)
    {
        // Keys travel in headers, not cookies: credentials stay off.
        policy.AllowAnyHeader().WithMethods("GET", "POST", "DELETE").WithExposedHeaders(ExposedHeaders).SetPreflightMaxAge(PreflightAge);
        _ = origins.Contains("*", StringComparer.Ordinal) ? policy.AllowAnyOrigin() : policy.WithOrigins(origins);
    }
}
