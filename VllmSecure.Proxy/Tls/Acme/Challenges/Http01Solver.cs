using System.Collections.Concurrent;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tls.Acme.Challenges;

/// <summary>Keeps the answers that the redirect listener gives (RFC 8555 section 8.3).</summary>
internal sealed class Http01Solver : IChallengeSolver
{
    private readonly ConcurrentDictionary<string, string> _answers = new(StringComparer.Ordinal);

    public string Type => ChallengeTypes.Http01;

    /// <summary>The key authorization for a token; null where none is asked for.</summary>
    public string? AnswerFor(string token) => _answers.GetValueOrDefault(token);

    public bool CanSolve(AcmeIdentifier identifier) => !identifier.IsWildcard;

    public Task PresentAsync(AcmeIdentifier identifier, string token, string keyAuthorization, CancellationToken cancellationToken)
    {
        _answers[token] = keyAuthorization;
        return Task.CompletedTask;
    }

    public Task RemoveAsync(AcmeIdentifier identifier, string token, string keyAuthorization)
    {
        _answers.TryRemove(token, out _);
        return Task.CompletedTask;
    }
}
