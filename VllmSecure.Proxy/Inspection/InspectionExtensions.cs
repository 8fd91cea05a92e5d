using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Inspection;

internal static class InspectionExtensions
{
    /// <summary>The memory for request bodies and the options of both directions.</summary>
    public static WebApplicationBuilder AddInspection(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<InspectionOptions>().BindConfiguration(InspectionOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<InspectionOptions>, InspectionOptionsValidator>();
        builder.Services.AddSingleton<BodyBudget>();
        return builder;
    }

    /// <summary>Reads request bodies; needs the endpoint on the exchange.</summary>
    public static IApplicationBuilder UseRequestInspection(this IApplicationBuilder app) =>
        app.UseMiddleware<RequestInspectionMiddleware>();

    /// <summary>Reads the upstream's answers; directly outside of what forwards.</summary>
    public static IApplicationBuilder UseResponseInspection(this IApplicationBuilder app) =>
        app.UseMiddleware<ResponseInspectionMiddleware>();
}
