using Microsoft.Extensions.Options;
using VllmSecure.Proxy.RequestPolicy.Advisories;

namespace VllmSecure.Proxy.RequestPolicy;

internal static class RequestPolicyExtensions
{
    /// <summary>The limits of what a request may ask for, common and per key.</summary>
    public static WebApplicationBuilder AddRequestPolicy(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RequestPolicyOptions>().BindConfiguration(RequestPolicyOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RequestPolicyOptions>, RequestPolicyOptionsValidator>();
        builder.Services.AddSingleton<PolicyOverrides>();
        builder.Services.AddSingleton<CacheSalt>();
        builder.Services.AddOptions<AdvisoriesOptions>().BindConfiguration(AdvisoriesOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AdvisoriesOptions>, AdvisoriesOptionsValidator>();
        builder.Services.AddHostedService<UpstreamAudit>();
        return builder;
    }

    /// <summary>Checks bodies; needs them read, and the client known.</summary>
    public static IApplicationBuilder UseRequestPolicy(this IApplicationBuilder app) => app.UseMiddleware<RequestPolicyMiddleware>();
}
