using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.StatefulResponses;

internal static class StatefulResponsesExtensions
{
    public static WebApplicationBuilder AddStatefulResponses(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<StatefulResponsesOptions>().BindConfiguration(StatefulResponsesOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<StatefulResponsesOptions>, StatefulResponsesOptionsValidator>();
        builder.Services.AddSingleton<ResponseOwners>();
        return builder;
    }

    /// <summary>Opens what is kept of earlier responses to the key that it belongs to, where that is switched on.</summary>
    public static IApplicationBuilder UseStatefulResponses(this IApplicationBuilder app) => app.UseMiddleware<StatefulResponsesMiddleware>();
}
