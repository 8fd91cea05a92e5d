using Microsoft.Extensions.Options;
using VllmSecure.Proxy.Tls.Acme;
using VllmSecure.Proxy.Tls.Acme.Challenges;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tls.Doctor;

/// <summary>What the checks of ACME are about: nothing where another source is in charge.</summary>
internal sealed class AcmeScope(IOptions<TlsOptions> tls, IOptions<AcmeOptions> acme, IEnumerable<IChallengeSolver> solvers, IHostEnvironment environment)
{
    public bool IsUsed => string.Equals(tls.Value.Source, TlsSources.Acme, StringComparison.OrdinalIgnoreCase);

    public IReadOnlyList<AcmeIdentifier> Identifiers =>
        IsUsed ? [.. acme.Value.Domains.Select(AcmeIdentifier.TryParse).OfType<AcmeIdentifier>()] : [];

    public Uri Directory => AcmeDirectories.Of(acme.Value, environment)[0];

    /// <summary>Where a rehearsal costs nothing; null where no such directory is known.</summary>
    public Uri? Staging => AcmeDirectories.StagingOf(Directory, acme.Value)
        ?? (AcmeDirectories.IsStaging(Directory, acme.Value) ? Directory : null);

    /// <summary>Whether the CA must reach this machine; with dns-01 alone it need not.</summary>
    public bool MustBeReachable => acme.Value.Challenges.Count == 0 || acme.Value.Challenges.Any(challenge => challenge != ChallengeTypes.Dns01);

    /// <summary>The challenges of a dry run; tls-alpn-01 is not among them, as it is answered by the process that ordered.</summary>
    public IReadOnlyList<string> RehearsedFor(AcmeIdentifier identifier) =>
        [.. ChallengeOrder.Of(solvers, acme.Value, identifier, worked: null).Select(solver => solver.Type).Where(type => type != ChallengeTypes.TlsAlpn01)];

    public bool Uses(string challenge) => acme.Value.Challenges.Count == 0 || acme.Value.Challenges.Contains(challenge);
}
