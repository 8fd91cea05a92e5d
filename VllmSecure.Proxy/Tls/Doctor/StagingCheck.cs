using System.Runtime.CompilerServices;
using VllmSecure.Proxy.Commands;
using VllmSecure.Proxy.Storage;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Challenges;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Storage;

namespace VllmSecure.Proxy.Tls.Doctor;

/// <summary>A whole order at the staging CA: its validation is the view of the world on this machine. Nothing is kept of it.</summary>
internal sealed class StagingCheck(AcmeScope scope, CertificateIssuer issuer, DataDirectoryLock serving) : IDoctorCheck
{
    public string Name => "dry run";

    public async IAsyncEnumerable<DoctorFinding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (scope.Identifiers.Count == 0)
        {
            yield break;
        }

        if (scope.Staging is not { } staging)
        {
            yield return DoctorFinding.Skipped($"no staging directory is known for {scope.Directory.Host}: set Tls:Acme:StagingDirectory.");
            yield break;
        }

        foreach (var identifier in scope.Identifiers)
        {
            yield return await RehearseAsync(staging, identifier, cancellationToken);
        }
    }

    private async Task<DoctorFinding> RehearseAsync(Uri staging, AcmeIdentifier identifier, CancellationToken cancellationToken)
    {
        var challenges = scope.RehearsedFor(identifier);
        if (challenges.Count == 0)
        {
            return DoctorFinding.Skipped($"only the proxy itself can prove {identifier}, as Tls:Acme:Challenges leaves nothing but tls-alpn-01.");
        }

        // http-01 is answered by the one that serves, which shares the storage.
        if (!challenges.Contains(ChallengeTypes.Dns01, StringComparer.Ordinal) && !serving.IsHeldByAnother())
        {
            return DoctorFinding.Skipped("the proxy does not run, so nobody would answer the CA: start it and run doctor again.");
        }

        try
        {
            await issuer.RehearseAsync(staging, identifier, new CertificateState(), ChallengeTypes.TlsAlpn01, cancellationToken);
            return DoctorFinding.Ok($"{staging.Host} would issue for {identifier}.");
        }
        catch (AcmeException exception)
        {
            return DoctorFinding.Failed($"{staging.Host} would not issue for {identifier}: {exception.Message}", "mend what the CA names; ports, DNS and CAA above tell more.");
        }
    }
}
