using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.ApiSurface;

internal static class ApiSurfaceExtensions
{
    public static WebApplicationBuilder AddApiSurface(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ApiSurfaceOptions>().BindConfiguration(ApiSurfaceOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ApiSurfaceOptions>, ApiSurfaceOptionsValidator>();
        builder.Services.AddSingleton(new ApiSurfaceTable(VllmEndpoints.All));
        builder.Services.AddSingleton(VllmEndpoints.All); // For whoever compares vLLM's own routes with the table.
        return builder;
    }

    /// <summary>Lets only open endpoints pass, and names the endpoint on the exchange.</summary>
    public static IApplicationBuilder UseApiSurface(this IApplicationBuilder app) => app.UseMiddleware<ApiSurfaceMiddleware>();
}
