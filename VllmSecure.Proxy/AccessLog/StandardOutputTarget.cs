using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.AccessLog;

/// <summary>Standard output, past the console's text writer: only whole lines in a write, so that lines of the process log stay whole.</summary>
internal sealed class StandardOutputTarget(IOptions<AccessLogOptions> options) : IAccessLogTarget
{
    // PIPE_BUF of Linux: a write of up to this many bytes is never mixed with another's (pipe(7)).
    private const int AtomicBytes = 4096;

    private Stream? _output;

    public string Name => "stdout";

    public int BatchBytes => AtomicBytes;

    public bool IsEnabled => options.Value.StandardOutput;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        _output ??= Console.OpenStandardOutput();
        return _output.WriteAsync(line, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        // Its handle is the process's, not ours to close.
        _output = null;
        return ValueTask.CompletedTask;
    }
}
