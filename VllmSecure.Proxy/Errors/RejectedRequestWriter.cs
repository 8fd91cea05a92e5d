using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Errors;

/// <summary>
/// Passes everything through, until the server rejects a request by itself (a malformed request line, too many headers …):
/// then its empty answer, the last thing on the connection, is replaced by one with the error JSON. Kestrel has no hook
/// to give those answers a body.
/// </summary>
internal sealed class RejectedRequestWriter(PipeWriter inner, RejectedRequestFeature rejected) : PipeWriter
{
    private byte[]? _discarded;
    private bool _answered;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => rejected.Status == 0 ? inner.GetMemory(sizeHint) : Discarded(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => rejected.Status == 0 ? inner.GetSpan(sizeHint) : Discarded(sizeHint);

    public override void Advance(int bytes)
    {
        if (rejected.Status == 0)
        {
            inner.Advance(bytes);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (rejected.Status != 0 && !_answered)
        {
            _answered = true;
            var answer = Answer(rejected.Status);
            answer.CopyTo(inner.GetSpan(answer.Length));
            inner.Advance(answer.Length);
        }

        return inner.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    /// <summary>What could not be parsed has no path, so this is always OpenAI's shape.</summary>
    private static byte[] Answer(int status)
    {
        var body = ApiErrorBody.Serialize(ApiErrors.ForStatus(status), ErrorDialect.OpenAI);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    private byte[] Discarded(int sizeHint) => _discarded is { } buffer && buffer.Length >= sizeHint ? buffer : _discarded = new byte[Math.Max(sizeHint, 4096)];
}
