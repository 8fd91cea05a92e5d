using System.Text;
using System.Threading.Channels;
using VllmSecure.Proxy.AccessLog;

namespace VllmSecure.Proxy.Tests.AccessLog;

/// <summary>Keeps what it is given; each write can be held up or made to fail.</summary>
internal sealed class RecordingTarget : IAccessLogTarget
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public string Name => "recording";

    public bool IsEnabled => true;

    public Func<Task> BeforeWrite { get; set; } = () => Task.CompletedTask;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(line.Span);
        await BeforeWrite().WaitAsync(cancellationToken);
        _lines.Writer.TryWrite(text);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public async Task<string> NextAsync() => await _lines.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public int Waiting => _lines.Reader.Count;
}
