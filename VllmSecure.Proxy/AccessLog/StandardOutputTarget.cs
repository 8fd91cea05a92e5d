using Microsoft.Extensions.Options;

namespace VllmSecure.Proxy.AccessLog;

/// <summary>Standard output, past the console's text writer: one write a line, so that lines of the process log stay whole.</summary>
internal sealed class StandardOutputTarget(IOptions<AccessLogOptions> options) : IAccessLogTarget
{
    private Stream? _output;

    public string Name => "stdout";

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
