using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Routing.Models;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace VllmSecure.Proxy.Routing;

internal static class RoutingExtensions
{
    public static WebApplicationBuilder AddUpstreams(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var configuration = builder.Configuration;
        services.AddOptions<UpstreamsOptions>().Bind(configuration).ValidateOnStart();
        services.AddOptions<RoutingOptions>().BindConfiguration(RoutingOptions.Section).ValidateOnStart();
        services.AddOptions<TimeoutsOptions>().BindConfiguration(TimeoutsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<UpstreamsOptions>, UpstreamsOptionsValidator>();
        services.AddSingleton<IValidateOptions<RoutingOptions>, RoutingOptionsValidator>();
        services.AddSingleton<IValidateOptions<TimeoutsOptions>, TimeoutsOptionsValidator>();

        // YARP brings it along for session cookies, which are not used: keys on disk would be one more secret to keep.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        services.AddSingleton<UpstreamRequestTransform>();
        services.AddSingleton<UpstreamResponseTransform>();
        services.AddReverseProxy().AddTransforms<UpstreamTransforms>();
        services.AddSingleton<IProxyConfigProvider, UpstreamConfigProvider>();
        services.AddSingleton<IForwarderHttpClientFactory, UpstreamHttpClientFactory>();
        services.AddSingleton<IDestinationResolver, ServiceDiscoveryResolver>();

        services.AddSingleton<IUpstreamProbe, UpstreamProbe>();
        services.AddSingleton<UpstreamModelsReader>();
        services.AddSingleton<ModelCatalog>();
        services.AddHealthChecks().AddCheck<UpstreamsHealthCheck>("upstreams");
        return builder;
    }

    /// <summary>Answers the models endpoints, forwards the rest; without any upstream, says so.</summary>
    public static void UseUpstreams(this IApplicationBuilder app)
    {
        app.UseMiddleware<ModelsMiddleware>();
        app.UseRouting();
        app.UseEndpoints(endpoints => endpoints.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<UpstreamSelectionMiddleware>();
            proxy.UseMiddleware<TimeBudgetMiddleware>();
        }));
        app.Run(context => context.WriteErrorAsync(ApiErrors.NoUpstream));
    }
}
