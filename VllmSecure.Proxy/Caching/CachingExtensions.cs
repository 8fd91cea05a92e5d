using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Caching;

internal static class CachingExtensions
{
    public static WebApplicationBuilder AddCaching(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<CachingOptions>().BindConfiguration(CachingOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<CachingOptions>, CachingOptionsValidator>();
        builder.Services.AddSingleton<AnswerStore>();
        builder.Services.AddSingleton<Flights>();
        return builder;
    }

    /// <summary>Answers repeated requests from memory.</summary>
    public static IApplicationBuilder UseCaching(this IApplicationBuilder app) => app.UseMiddleware<CachingMiddleware>();
}
