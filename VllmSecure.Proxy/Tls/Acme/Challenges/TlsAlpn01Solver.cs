using System.Collections.Concurrent;
using System.Net.Security;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tls.Acme.Challenges;

/// <summary>Keeps the certificates that handshakes with ALPN <c>acme-tls/1</c> are answered with (RFC 8737).</summary>
internal sealed class TlsAlpn01Solver(TimeProvider clock) : IChallengeSolver
{
    private readonly ConcurrentDictionary<string, SslServerAuthenticationOptions> _answers = new(StringComparer.OrdinalIgnoreCase);

    public string Type => ChallengeTypes.TlsAlpn01;

    public bool CanSolve(AcmeIdentifier identifier) => !identifier.IsWildcard;

    /// <summary>What to answer a server name with; null where no validation of it is under way.</summary>
    public SslServerAuthenticationOptions? AnswerFor(string? serverName) =>
        serverName is null ? null : _answers.GetValueOrDefault(serverName);

    public Task PresentAsync(AcmeIdentifier identifier, string token, string keyAuthorization, CancellationToken cancellationToken)
    {
        var certificate = TlsAlpn01Certificate.Create(identifier, keyAuthorization, clock.GetUtcNow());
        _answers[TlsAlpn01Certificate.ServerNameOf(identifier)] = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
            ApplicationProtocols = [TlsAlpn01Certificate.Protocol],
        };
        return Task.CompletedTask;
    }

    public Task RemoveAsync(AcmeIdentifier identifier, string token, string keyAuthorization)
    {
        _answers.TryRemove(TlsAlpn01Certificate.ServerNameOf(identifier), out _);
        return Task.CompletedTask;
    }
}
