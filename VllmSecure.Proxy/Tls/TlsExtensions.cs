using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Telemetry;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Challenges;
using VllmSecure.Proxy.Tls.Acme.Storage;
using VllmSecure.Proxy.Tls.ClientCertificates;
using VllmSecure.Proxy.Tls.CommandLine;
using VllmSecure.Proxy.Tls.Development;
using VllmSecure.Proxy.Tls.Doctor;
using VllmSecure.Proxy.Tls.Files;
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
        services.AddSingleton<CertificateMetrics>();
        services.AddSingleton<IStatusContributor, CertificateStatusContributor>();
        services.AddClientCertificates();
        services.AddCertificateFiles();
        services.AddAcme();
        services.AddCertificateCommands();
        return builder;
    }

    /// <summary>Answers the CA's HTTP-01 requests; for the listener of port 80, before its redirect.</summary>
    public static IApplicationBuilder UseAcmeHttpChallenge(this IApplicationBuilder app) => app.UseMiddleware<Http01Responder>();

    /// <summary>Publishes whose key a client certificate stands for; before the API keys, which go by it.</summary>
    public static IApplicationBuilder UseClientCertificates(this IApplicationBuilder app) => app.UseMiddleware<ClientCertificateMiddleware>();

    private static void AddClientCertificates(this IServiceCollection services)
    {
        services.AddOptions<ClientCertificateOptions>().BindConfiguration(ClientCertificateOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ClientCertificateOptions>, ClientCertificateOptionsValidator>();
        services.AddSingleton<ClientCertificatePolicy>();
    }

    private static void AddCertificateFiles(this IServiceCollection services)
    {
        services.AddOptions<CertificateFilesOptions>().BindConfiguration(CertificateFilesOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CertificateFilesOptions>, CertificateFilesOptionsValidator>();
    }

    private static void AddCertificateCommands(this IServiceCollection services)
    {
        services.AddSingleton<IProxyCommand, CertificatesCommand>();
        services.AddSingleton<CertificateList>();
        services.AddSingleton<CertificateRenewal>();
        services.AddSingleton<CertificateRevocation>();
        services.AddSingleton<DevelopmentTrust>();
        services.AddSingleton<IProxyCommand, DoctorCommand>();
        services.AddSingleton(new PublicPorts());
        services.AddSingleton<AcmeScope>();
        services.AddSingleton<CaaLookup>();
        services.AddSingleton<IDoctorCheck, CertificatesCheck>();
        services.AddSingleton<IDoctorCheck, DnsCheck>();
        services.AddSingleton<IDoctorCheck, PortsCheck>();
        services.AddSingleton<IDoctorCheck, CaaCheck>();
        services.AddSingleton<IDoctorCheck, ClockCheck>();
        services.AddSingleton<IDoctorCheck, StagingCheck>();
        services.AddSingleton<IDoctorCheck, FilePermissionsCheck>();
        services.AddSingleton<IDoctorCheck, KeyExchangeCheck>();
    }

    private static void AddAcme(this IServiceCollection services)
    {
        services.AddOptions<AcmeOptions>().BindConfiguration(AcmeOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AcmeOptions>, AcmeOptionsValidator>();
        services.AddHttpClient(AcmeHttp.Client, AcmeHttp.Configure)
            .ConfigurePrimaryHttpMessageHandler(AcmeHttp.CreateHandler)
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear()) // A CA is no name of service discovery.
            .RemoveAllLoggers(); // Each step has an event of its own; a line per request would bury them.
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

        // The handshake is the whole of a challenge (RFC 8737 section 4). It asks for no client certificate, so a request must not follow.
        listen.Use(next => connection =>
            connection.Features.Get<PeekedClientHello>()?.Hello?.IsAcmeChallenge == true ? Task.CompletedTask : next(connection));
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
            TlsSources.Files => ActivatorUtilities.CreateInstance<FilesCertificateSource>(services),
            TlsSources.Acme => ActivatorUtilities.CreateInstance<AcmeCertificateSource>(services),
            _ => throw new StartFailedException($"Tls:Source: '{source}' is not available."),
        };
    }
}
