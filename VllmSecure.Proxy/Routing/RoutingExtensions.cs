using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Errors;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Routing.Administration;
using VllmSecure.Proxy.Routing.Admission;
using VllmSecure.Proxy.Routing.Balancing;
using VllmSecure.Proxy.Routing.Choice;
using VllmSecure.Proxy.Routing.Connections;
using VllmSecure.Proxy.Routing.Doctor;
using VllmSecure.Proxy.Routing.Health;
using VllmSecure.Proxy.Routing.Models;
using VllmSecure.Proxy.Routing.Servers;
using VllmSecure.Proxy.Telemetry;
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
        services.AddOptions<UpstreamHealthOptions>().BindConfiguration(UpstreamHealthOptions.Section).ValidateOnStart();
        services.AddOptions<AdmissionOptions>().BindConfiguration(AdmissionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AdmissionOptions>, AdmissionOptionsValidator>();
        services.AddSingleton<IValidateOptions<UpstreamHealthOptions>, UpstreamHealthOptionsValidator>();
        services.AddSingleton<IValidateOptions<UpstreamsOptions>, UpstreamsOptionsValidator>();
        services.AddSingleton<IValidateOptions<RoutingOptions>, RoutingOptionsValidator>();
        services.AddSingleton<IValidateOptions<TimeoutsOptions>, TimeoutsOptionsValidator>();

        // YARP brings it along for session cookies, which are not used: keys on disk would be one more secret to keep.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        services.AddSingleton<CurrentUpstreams>();
        services.AddSingleton<INameResolver, SystemNameResolver>();
        services.AddSingleton<HostAddresses>();
        services.AddSingleton<UpstreamRequestTransform>();
        services.AddSingleton<UpstreamResponseTransform>();
        services.AddReverseProxy().AddTransforms<UpstreamTransforms>();
        services.AddSingleton<UpstreamConfigProvider>();
        services.AddSingleton<IProxyConfigProvider>(provider => provider.GetRequiredService<UpstreamConfigProvider>());
        services.AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<UpstreamConfigProvider>());
        services.AddSingleton<IForwarderHttpClientFactory, UpstreamHttpClientFactory>();
        services.AddSingleton<IDestinationResolver, ServiceDiscoveryResolver>();

        services.AddSingleton<UpstreamServers>();
        services.AddSingleton<ServerClient>();
        services.AddSingleton<IUpstreamProbe, UpstreamProbe>();
        services.AddSingleton<UpstreamModelsReader>();
        services.AddSingleton<ModelCatalog>();
        services.AddSingleton<RequestRouter>();
        services.AddSingleton<ServerBalancer>();
        services.AddSingleton<AdmissionGate>();
        services.AddSingleton(provider => new Lazy<AdmissionGate>(provider.GetRequiredService<AdmissionGate>)); // For YARP's part of the pipeline, which is put together before the options are validated.
        services.AddSingleton<AdmissionMetrics>();
        services.AddHostedService<EngineWatch>();
        services.AddSingleton<ServerProbe>();
        services.AddHostedService<HealthMonitor>();
        services.AddSingleton<UpstreamMetrics>();
        services.AddSingleton<IStatusContributor, UpstreamsStatus>();
        services.AddSingleton<IProxyCommand, UpstreamsCommand>();
        services.AddSingleton(_ => MachineAddresses.Find());
        services.AddSingleton<IDoctorCheck, ReachabilityCheck>();
        services.AddSingleton<IDoctorCheck, ExposureCheck>();
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
            proxy.UseMiddleware<AdmissionMiddleware>();
            proxy.UseMiddleware<FailoverMiddleware>();
            proxy.UseMiddleware<TimeBudgetMiddleware>();
        }));
        app.Run(context => context.WriteErrorAsync(ApiErrors.NoUpstream));
    }
}
