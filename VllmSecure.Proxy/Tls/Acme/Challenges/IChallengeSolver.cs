using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tls.Acme.Challenges;

/// <summary>Answers one type of challenge.</summary>
internal interface IChallengeSolver
{
    /// <summary>One of <see cref="ChallengeTypes"/>.</summary>
    string Type { get; }

    /// <summary>Whether the type is defined for an identifier.</summary>
    bool CanSolve(AcmeIdentifier identifier);

    /// <summary>Makes the answer visible to the CA; returns once it is. Throws <see cref="AcmeException"/> where it cannot.</summary>
    Task PresentAsync(AcmeIdentifier identifier, string token, string keyAuthorization, CancellationToken cancellationToken);

    /// <summary>Takes the answer away. Called once for each presentation, also a failed one.</summary>
    Task RemoveAsync(AcmeIdentifier identifier, string token, string keyAuthorization);
}
