namespace VllmSecure.Proxy.Tls.Acme.Storage;

/// <summary>
/// Where accounts, certificates and their schedule are kept. The contract, for any store that replaces files:
/// <list type="bullet">
/// <item>What was written is read back by every instance that shares the store, whole or in its former state, never in
/// part, also after a crash.</item>
/// <item>Nobody but the proxy can read it: private keys are in it.</item>
/// <item><see cref="LockAsync"/> excludes every other instance; a lock whose holder died is freed within minutes.</item>
/// <item>The answers to HTTP-01 challenges are in it too: of many instances behind one address the CA may ask any.</item>
/// <item>Failures are <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>, with a message for the operator.</item>
/// </list>
/// Names are relative paths with <c>/</c>, of lower-case letters, digits, <c>.</c>, <c>-</c> and <c>_</c>.
/// </summary>
internal interface IAcmeStorage
{
    /// <summary>The content; null where there is none.</summary>
    Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Replaces or creates.</summary>
    Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Removes; no error where there is nothing.</summary>
    Task RemoveAsync(string name, CancellationToken cancellationToken);

    /// <summary>Waits for the right to order the certificate of a name; disposing gives it back.</summary>
    Task<IDisposable> LockAsync(string name, CancellationToken cancellationToken);
}
