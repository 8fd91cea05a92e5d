using System.CommandLine;
using VllmSecure.Proxy.Commands;

namespace VllmSecure.Proxy.Tls.CommandLine;

/// <summary><c>certificates list | renew | trust</c>.</summary>
internal sealed class CertificatesCommand(CertificateList list, CertificateRenewal renewal, DevelopmentTrust trust) : IProxyCommand
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

        var install = new Option<bool>("--install") { Description = "Add it to the trust store of this user (Windows, .NET) or machine (Linux, as root)." };
        var trusting = new Command("trust", "Show how clients come to trust the development authority.") { install };
        trusting.SetAction((result, cancellationToken) => trust.RunAsync(
            result.GetValue(install), result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, cancellationToken));
        command.Subcommands.Add(trusting);
        return command;
    }
}
