namespace VllmSecure.Proxy.AccessLog;

/// <summary>Where lines end up. Called by one writer at a time; may be slow and may fail with an I/O exception.</summary>
internal interface IAccessLogTarget : IAsyncDisposable
{
    /// <summary>A word for metrics and messages.</summary>
    string Name { get; }

    /// <summary>Whether it is configured to be written to.</summary>
    bool IsEnabled { get; }

    /// <summary>Takes one whole line. After <see cref="IAsyncDisposable.DisposeAsync"/> it begins anew.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken);
}
