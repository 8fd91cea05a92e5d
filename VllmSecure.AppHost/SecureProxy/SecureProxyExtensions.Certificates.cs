using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace VllmSecure.AppHost.SecureProxy;

internal static partial class SecureProxyExtensions
{
    private const string CertificatesFolder = "/certificates";

    /// <summary>Certificates that are ordered and renewed by themselves.</summary>
    /// <param name="proxy">The proxy.</param>
    /// <param name="domain">The name that clients use; it must lead to this server.</param>
    /// <param name="email">Where the certificate authority writes to.</param>
    /// <param name="acceptTermsOfService"><c>true</c> when its terms are accepted.</param>
    public static IResourceBuilder<ProjectResource> WithAcme(
        this IResourceBuilder<ProjectResource> proxy,
        IResourceBuilder<ParameterResource> domain,
        IResourceBuilder<ParameterResource> email,
        IResourceBuilder<ParameterResource> acceptTermsOfService) => proxy
        .WithEnvironment("Tls__Source", "Acme")
        .WithEnvironment("Tls__Acme__Domains__0", domain)
        .WithEnvironment("Tls__Acme__Email", email)
        .WithEnvironment("Tls__Acme__AcceptTermsOfService", acceptTermsOfService);

    /// <summary>A certificate and its key from PEM files; a changed file is taken without a restart.</summary>
    /// <param name="proxy">The proxy.</param>
    /// <param name="folder">Where they are; in published files relative to these.</param>
    /// <param name="certificate">The chain, leaf first.</param>
    /// <param name="key">The leaf's key.</param>
    public static IResourceBuilder<ProjectResource> WithCertificateFiles(
        this IResourceBuilder<ProjectResource> proxy, string folder, string certificate = "fullchain.pem", string key = "privkey.pem")
    {
        var publishing = proxy.ApplicationBuilder.ExecutionContext.IsPublishMode;
        var seen = publishing ? CertificatesFolder : Path.GetFullPath(folder, proxy.ApplicationBuilder.AppHostDirectory);

        // The folder, not the files: a mounted file stays the old one when its successor is moved into its place.
        return proxy
            .WithEnvironment("Tls__Source", "Files")
            .WithEnvironment("Tls__Files__0__Certificate", $"{seen}/{certificate}")
            .WithEnvironment("Tls__Files__0__Key", $"{seen}/{key}")
            .PublishAsDockerComposeService((_, service) => service.AddVolume(new Volume
            {
                Name = "certificates",
                Type = "bind",
                Source = folder,
                Target = CertificatesFolder,
                ReadOnly = true,
            }));
    }
}
