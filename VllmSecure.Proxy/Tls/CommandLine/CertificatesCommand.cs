using System.CommandLine;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.Tls.CommandLine;

/// <summary><c>certificates list | renew | revoke | trust</c>.</summary>
internal sealed class CertificatesCommand(CertificateList list, CertificateRenewal renewal, CertificateRevocation revocation, DevelopmentTrust trust) : IProxyCommand
{
    public Command Create()
    {
        var command = new Command("certificates", "Show, renew and trust the certificates of this data directory.");
        var listing = new Command("list", "Show each certificate: its names, its end, the next renewal and the last failure.");
        listing.SetAction((result, cancellationToken) => list.RunAsync(result.InvocationConfiguration.Output, cancellationToken));
        command.Subcommands.Add(listing);

        var renewing = new Command("renew", "Let the running proxy renew now, and wait for the outcome.");
        renewing.SetAction((result, cancellationToken) =>
            renewal.RunAsync(result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, cancellationToken));
        command.Subcommands.Add(renewing);

        var name = new Argument<string>("name") { Description = "The name or address of the certificate." };
        var revoking = new Command("revoke", "Let the CA revoke a certificate whose key may be known to others.") { name };
        revoking.SetAction((result, cancellationToken) => revocation.RunAsync(
            result.GetRequiredValue(name), result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, cancellationToken));
        command.Subcommands.Add(revoking);

        var install = new Option<bool>("--install") { Description = "Add it to the trust store of this user (Windows, .NET) or machine (Linux, as root)." };
        var trusting = new Command("trust", "Show how clients come to trust the development authority.") { install };
        trusting.SetAction((result, cancellationToken) => trust.RunAsync(
            result.GetValue(install), result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, cancellationToken));
        command.Subcommands.Add(trusting);
        return command;
    }
}
