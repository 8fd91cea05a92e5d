namespace VllmSecure.Proxy.AccessLog;

/// <summary>Where lines end up. Called by one writer at a time; may be slow and may fail with an I/O exception.</summary>
internal interface IAccessLogTarget : IAsyncDisposable
{
    /// <summary>A word for metrics and messages.</summary>
    string Name { get; }

    /// <summary>Whether it is configured to be written to.</summary>
    bool IsEnabled { get; }

    /// <summary>Bytes of lines that may be taken together where several wait; 0: each line by itself.</summary>
    int BatchBytes => 0;

    /// <summary>Takes one whole line, or several. After <see cref="IAsyncDisposable.DisposeAsync"/> it begins anew.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken);
}
