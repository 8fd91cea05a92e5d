using VllmSecure.Proxy.Tls.Acme.Challenges;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tls.Acme;

/// <summary>Which challenges to try, and in which order. Pure.</summary>
internal static class ChallengeOrder
{
    /// <param name="solvers">All there are.</param>
    /// <param name="options">The configured order; empty: as in <see cref="ChallengeTypes.All"/>.</param>
    /// <param name="identifier">What is to be proven.</param>
    /// <param name="worked">The one that worked last time: it comes first.</param>
    public static IEnumerable<IChallengeSolver> Of(
        IEnumerable<IChallengeSolver> solvers, AcmeOptions options, AcmeIdentifier identifier, string? worked)
    {
        IList<string> types = options.Challenges.Count > 0 ? options.Challenges : ChallengeTypes.All;
        return solvers
            .Where(solver => types.Contains(solver.Type) && solver.CanSolve(identifier))
            .OrderBy(solver => solver.Type == worked ? -1 : types.IndexOf(solver.Type));
    }
}
