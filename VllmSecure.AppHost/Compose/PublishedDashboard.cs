namespace VllmSecure.AppHost.Compose;

/// <summary>
/// The Aspire dashboard of the published stack. Aspire's own (<c>WithDashboard</c>) listens on every interface and takes
/// spans from anybody; this one is reached from the server itself only, with a token, and spans need a key.
/// </summary>
internal static class PublishedDashboard
{
    /// <summary>The service's name, and by that its name on the network.</summary>
    public const string Name = "dashboard";

    /// <summary>Where spans, logs and metrics go: gRPC.</summary>
    public const string OtlpAddress = "http://dashboard:18889";

    private const string Image = "mcr.microsoft.com/dotnet/aspire-dashboard";

    // The release that belongs to Aspire.Hosting; the images are tagged by major and minor version.
    private const string Tag = "13.5";
    private const int BrowserPort = 18888;

    /// <summary>Adds the dashboard when publishing: in run mode Aspire brings its own.</summary>
    public static IDistributedApplicationBuilder AddPublishedDashboard(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsPublishMode)
        {
            return builder;
        }

        builder.AddContainer(Name, Image, Tag)
            .WithHttpEndpoint(targetPort: BrowserPort)
            .WithEnvironment("Dashboard__Frontend__AuthMode", "BrowserToken")
            .WithEnvironment("Dashboard__Otlp__AuthMode", "ApiKey")
            .WithEnvironment("Dashboard__Api__Disabled", "true")
            .WithEnvironment("ASPIRE_DASHBOARD_FORWARDEDHEADERS_ENABLED", "false")
            .WithEnvironment("ASPIRE_DASHBOARD_FILE_CONFIG_DIRECTORY", "/run/secrets")
            .PublishAsDockerComposeService((_, service) =>
            {
                service.Expose.Clear();
                service.Ports = [$"127.0.0.1:{BrowserPort}:{BrowserPort}"];
                service.Networks = [ComposeNetworks.Edge, ComposeNetworks.Inference];
                service.UseSecret("dashboard-token", "Dashboard__Frontend__BrowserToken");
                service.UseSecret("otlp-key", "Dashboard__Otlp__PrimaryApiKey");
                service.Harden();
                service.CapDrop.Add("ALL");
                service.Restart = "unless-stopped";
            });
        return builder;
    }
}
