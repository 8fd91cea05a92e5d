using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.Listeners;

internal static class ListenersExtensions
{
    /// <summary>
    /// Lines of HTTP/1.1 that end in a bare LF are refused. RFC 9112 section 2.2 leaves it to the server, and Kestrel takes them by
    /// default; but another server in front of this one may not see a line's end there, which is how requests are smuggled.
    /// </summary>
    private const string RefuseBareLineFeeds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    /// <summary>Opens the HTTPS, redirect and management listeners; <paramref name="https"/> puts TLS on the first, within the handshake timeout given.</summary>
    public static WebApplicationBuilder AddListeners(this WebApplicationBuilder builder, Action<ListenOptions, TimeSpan> https)
    {
        AppContext.SetSwitch(RefuseBareLineFeeds, isEnabled: true);
        var services = builder.Services;
        var configuration = builder.Configuration;
        services.AddOptions<ListenerOptions>()
            .Configure(options =>
            {
                options.HttpsPorts = configuration["HTTPS_PORTS"];
                options.HttpPorts = configuration["HTTP_PORTS"];
                options.Urls = configuration[WebHostDefaults.ServerUrlsKey];
            })
            .Bind(configuration)
            .ValidateOnStart();
        services.AddOptions<ManagementOptions>().BindConfiguration(ManagementOptions.Section).ValidateOnStart();
        services.AddOptions<LimitsOptions>().BindConfiguration(LimitsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ListenerOptions>, ListenerOptionsValidator>();
        services.AddSingleton<IValidateOptions<ManagementOptions>, ManagementOptionsValidator>();
        services.AddSingleton<IValidateOptions<LimitsOptions>, LimitsOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new HttpsListenerSetup(https));
        services.AddSingleton<BoundListeners>();
        services.AddSingleton<HttpsRedirect>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelListenersSetup>();
        return builder;
    }

    /// <summary>Where this machine reaches the management listener by configuration, whether or not it runs in this process.</summary>
    public static Uri GetManagementAddress(this IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<ManagementOptions>>().Value;
        var address = IPAddress.Parse(options.Address);
        var reachable = address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
        return new UriBuilder(Uri.UriSchemeHttp, reachable.ToString(), options.Port).Uri;
    }

    /// <summary>
    /// 404 for a host name that is not this machine's own, on connections over loopback. A page in a browser here, whose host name
    /// leads to loopback by now (DNS rebinding), is of the same origin and may send what it likes.
    /// </summary>
    public static IApplicationBuilder UseOwnHostNames(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (context.Connection.LocalIpAddress is not { } local || !IPAddress.IsLoopback(local) || IsOwn(context.Request.Host.Host))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    /// <summary>308 to HTTPS, or 403 where something secret came in clear.</summary>
    public static void RunHttpsRedirect(this IApplicationBuilder app) =>
        app.Run(app.ApplicationServices.GetRequiredService<HttpsRedirect>().HandleAsync);

    private static bool IsOwn(string host) =>
        host.Length == 0 // Not from a browser.
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) // RFC 6761 section 6.3
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
