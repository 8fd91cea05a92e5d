using System.Security.Cryptography;
using System.Text;
using VllmSecure.Proxy.Tls.Acme.Protocol;
using VllmSecure.Proxy.Tls.Acme.Storage;

namespace VllmSecure.Proxy.Tls.Acme.Challenges;

/// <summary>
/// Answers on the redirect listener (RFC 8555 section 8.3). The answers are in the storage, so that whoever is asked can
/// give them: another instance, or the one that serves while <c>doctor</c> rehearses.
/// </summary>
internal sealed class Http01Solver(IAcmeStorage storage) : IChallengeSolver
{
    // RFC 8555 section 8.1 wants 128 bits at least; the upper bound keeps junk from the disk.
    private const int MinToken = 22;
    private const int MaxToken = 256;

    public string Type => ChallengeTypes.Http01;

    /// <summary>The key authorization for a token; null where none is asked for.</summary>
    public async Task<string?> AnswerAsync(string token, CancellationToken cancellationToken) =>
        token.Length is >= MinToken and <= MaxToken && await storage.ReadAsync(NameOf(token), cancellationToken) is { } answer
            ? Encoding.ASCII.GetString(answer)
            : null;

    public bool CanSolve(AcmeIdentifier identifier) => !identifier.IsWildcard;

    public Task PresentAsync(AcmeIdentifier identifier, string token, string keyAuthorization, CancellationToken cancellationToken) =>
        storage.WriteAsync(NameOf(token), Encoding.ASCII.GetBytes(keyAuthorization), cancellationToken);

    public Task RemoveAsync(AcmeIdentifier identifier, string token, string keyAuthorization) =>
        storage.RemoveAsync(NameOf(token), CancellationToken.None);

    /// <summary>A hash: a token comes from outside and must not become a path.</summary>
    private static string NameOf(string token) => $"challenges/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}";
}
