using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Challenges;
using VllmSecure.Proxy.Tls.Acme.Storage;
using VllmSecure.Proxy.Tls.Development;
using VllmSecure.Proxy.Tls.HandedOver;
using VllmSecure.Proxy.Tls.Handshake;
using VllmSecure.Proxy.Tls.Serving;

namespace VllmSecure.Proxy.Tls;

internal static class TlsExtensions
{
    /// <summary>Certificates: where they come from and who keeps them fresh.</summary>
    public static WebApplicationBuilder AddTls(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<TlsOptions>().BindConfiguration(TlsOptions.Section).ValidateOnStart();
        services.AddOptions<TlsHstsOptions>().BindConfiguration(TlsHstsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TlsOptions>, TlsOptionsValidator>();
        services.AddSingleton<IValidateOptions<TlsHstsOptions>, TlsHstsOptionsValidator>();
        services.AddOptions<HstsOptions>().Configure<IOptions<TlsHstsOptions>>((hsts, tls) => hsts.MaxAge = TimeSpan.FromDays(tls.Value.MaxAgeDays));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<CertificateStore>();
        services.AddSingleton<TlsHandshake>();
        services.AddSingleton<DevelopmentCertificateAuthority>();
        services.AddSingleton<ICertificateSource>(CreateSource);
        services.AddHostedService<CertificateHost>();
        services.AddHealthChecks().AddCheck<CertificateHealthCheck>("certificates");
        services.AddAcme();
        return builder;
    }

    /// <summary>Answers the CA's HTTP-01 requests; for the listener of port 80, before its redirect.</summary>
    public static IApplicationBuilder UseAcmeHttpChallenge(this IApplicationBuilder app) => app.UseMiddleware<Http01Responder>();

    private static void AddAcme(this IServiceCollection services)
    {
        services.AddOptions<AcmeOptions>().BindConfiguration(AcmeOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AcmeOptions>, AcmeOptionsValidator>();
        services.AddHttpClient(AcmeHttp.Client, AcmeHttp.Configure).ConfigurePrimaryHttpMessageHandler(AcmeHttp.CreateHandler);
        services.AddSingleton<Http01Solver>();
        services.AddSingleton<TlsAlpn01Solver>();
        services.AddSingleton<Dns01Solver>();
        services.AddSingleton<IChallengeSolver>(provider => provider.GetRequiredService<Http01Solver>());
        services.AddSingleton<IChallengeSolver>(provider => provider.GetRequiredService<TlsAlpn01Solver>());
        services.AddSingleton<IChallengeSolver>(provider => provider.GetRequiredService<Dns01Solver>());
        services.AddSingleton<IAcmeStorage, FileAcmeStorage>();
        services.AddSingleton<AcmeRecords>();
        services.AddSingleton<CertificateIssuer>();
        services.AddSingleton<CertificateKeeper>();
        services.AddSingleton<RenewalInfoReader>();
        services.AddSingleton<RenewalRequests>();
    }

    /// <summary>TLS on a listener, with the certificates of the store.</summary>
    /// <param name="listen">The listener; its protocols must be set already.</param>
    /// <param name="handshakeTimeout">For the ClientHello to arrive, and again for the rest of the handshake.</param>
    public static ListenOptions UseProxyTls(this ListenOptions listen, TimeSpan handshakeTimeout)
    {
        var services = listen.ApplicationServices;
        var clock = services.GetRequiredService<TimeProvider>();
        var handshake = services.GetRequiredService<TlsHandshake>();
        listen.Use(next => new ClientHelloMiddleware(next, handshakeTimeout, clock).OnConnectionAsync);
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = handshake.OnConnectionAsync, HandshakeTimeout = handshakeTimeout });
        return listen;
    }

    /// <summary>HSTS, where it cannot harm: see <see cref="TlsHstsOptions"/>. ASP.NET itself leaves out localhost and plain HTTP.</summary>
    public static IApplicationBuilder UseProxyHsts(this IApplicationBuilder app) =>

        // Decided when the server starts: before that the options are not validated.
        app.Use(next =>
        {
            var services = app.ApplicationServices;
            var isOff = services.GetRequiredService<IHostEnvironment>().IsDevelopment()
                || services.GetRequiredService<IOptions<TlsHstsOptions>>().Value.MaxAgeDays == 0
                || services.GetRequiredService<ICertificateSource>() is DevelopmentCertificateSource;
            if (isOff)
            {
                return next;
            }

            var branch = app.New().UseHsts();
            branch.Run(next);
            return branch.Build();
        });

    /// <summary>The PEM file of the local CA that clients must trust; null where certificates come from elsewhere.</summary>
    public static string? GetCertificateAuthorityFile(this IServiceProvider services) =>
        services.GetRequiredService<ICertificateSource>() is DevelopmentCertificateSource
            ? services.GetRequiredService<DevelopmentCertificateAuthority>().Path
            : null;

    private static ICertificateSource CreateSource(IServiceProvider services)
    {
        var source = TlsSourceChoice.Of(
            services.GetRequiredService<IOptions<TlsOptions>>().Value,
            services.GetRequiredService<IConfiguration>(),
            services.GetRequiredService<IHostEnvironment>());
        return source switch
        {
            TlsSources.Development => ActivatorUtilities.CreateInstance<DevelopmentCertificateSource>(services),
            TlsSources.HandedOver => ActivatorUtilities.CreateInstance<HandedOverCertificateSource>(services),
            TlsSources.Acme => ActivatorUtilities.CreateInstance<AcmeCertificateSource>(services),
            _ => throw new CertificateSourceException($"Tls:Source: '{source}' is not available."),
        };
    }
}
