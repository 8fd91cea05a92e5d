using System.Runtime.CompilerServices;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Inspection;

/// <summary>
/// The response body's stream as the forwarder sees it: reads along, passes on. Writes of the forwarder and comments of
/// the keep-alive come from different threads, so a gate lets one through at a time, and comments only between events.
/// </summary>
internal sealed class ResponseTap(Stream inner, HttpResponse response, ProxyExchange exchange, TimeProvider clock) : Stream
{
    private readonly AnswerReader _answer = new(exchange.Request?.Answers ?? 1, exchange.AnswerNamed is not null);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly WriteGrace _grace = new(exchange, clock);
    private AnswerMode _mode;
    private EventFilter? _filter;
    private AnswerEvent _seen;
    private bool _isClosed;
    private bool _isNamed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private static ReadOnlyMemory<byte> Comment { get; } = ": keep-alive\n\n"u8.ToArray();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            switch (Mode())
            {
                case AnswerMode.EventStream:
                    await WriteEventsAsync(buffer);
                    break;
                case AnswerMode.Json:
                    _answer.Append(buffer.Span);
                    TellName();
                    await inner.WriteAsync(buffer, _grace.Token);
                    break;
                default:
                    await inner.WriteAsync(buffer, _grace.Token);
                    break;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await inner.FlushAsync(_grace.Token);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes a comment if that is possible now: on a stream, between events, and nobody else writes.</summary>
    public async ValueTask TryKeepAliveAsync(CancellationToken cancellationToken)
    {
        if (!await _gate.WaitAsync(0, cancellationToken))
        {
            return;
        }

        try
        {
            // Not before the headers say so, and the mode is settled by the first byte only: a try may still fail over.
            if (_isClosed || ModeOf(response) != AnswerMode.EventStream || _filter is { IsBetweenEvents: false })
            {
                return;
            }

            await (inner is MeteredResponseStream metered
                ? metered.WriteKeepAliveAsync(Comment, _grace.Token)
                : inner.WriteAsync(Comment, _grace.Token));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Ends the tap: writes what was held back or, when the answer broke off, the failure, and publishes what was read.
    /// From here on no comment is written.
    /// </summary>
    /// <param name="hasFailed">The answer is not whole.</param>
    /// <param name="isClientThere">Whether anybody is there to be told.</param>
    /// <returns>Whether the client's answer ends in order; false where it can only be cut.</returns>
    public async ValueTask<bool> CloseAsync(bool hasFailed, bool isClientThere)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            _isClosed = true;
            if (_mode == AnswerMode.Json)
            {
                _answer.EndEvent();
            }

            Publish(isClientThere);
            if (!response.HasStarted || Mode() != AnswerMode.EventStream || !isClientThere)
            {
                return !hasFailed;
            }

            return hasFailed ? await TryTellFailureAsync() : await WriteHeldAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("The response is written asynchronously only.");

    public override void Flush() => throw new NotSupportedException("The response is written asynchronously only.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _grace.Dispose();
            _gate.Dispose();
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteEventsAsync(ReadOnlyMemory<byte> chunk)
    {
        var filter = _filter!;
        var passed = filter.Filter(chunk);
        TellName();
        exchange.ToldError |= (filter.Seen & AnswerEvent.Error) != AnswerEvent.None;
        if (filter.Tokens > 0 && exchange.Timings.FirstToken == 0)
        {
            exchange.FirstTokenCame?.Invoke();
        }

        if (!passed.IsEmpty)
        {
            await inner.WriteAsync(passed, _grace.Token);
        }

        _seen |= filter.Seen;
        if (filter.Tokens > 0)
        {
            var timings = exchange.Timings;
            timings.LastToken = clock.GetTimestamp();
            timings.FirstToken = timings.FirstToken == 0 ? timings.LastToken : timings.FirstToken;
            exchange.TokenEvents += filter.Tokens;
        }
    }

    /// <summary>Before the client has read it: it may come with the name at once.</summary>
    private void TellName()
    {
        if (!_isNamed && _answer.Id is { } id)
        {
            _isNamed = true;
            exchange.AnswerNamed!(id);
        }
    }

    private async ValueTask<bool> WriteHeldAsync()
    {
        var held = _filter!.End();
        return held.IsEmpty || await TryWriteAsync(held);
    }

    private async ValueTask<bool> TryTellFailureAsync()
    {
        if ((_seen & AnswerEvent.Last) != AnswerEvent.None)
        {
            // Only what comes after the last event is missing, and that is nothing.
            return true;
        }

        if (!_filter!.IsBetweenEvents)
        {
            return false;
        }

        var failure = StreamFailure.Format(exchange.AbortReason, exchange.Endpoint?.Dialect ?? ErrorDialect.OpenAI);
        return exchange.FailureTold = await TryWriteAsync(failure);
    }

    /// <summary>False where the client does not take it in time.</summary>
    private async ValueTask<bool> TryWriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await inner.WriteAsync(bytes, _grace.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Decides by the headers, which are there before the first byte.</summary>
    private AnswerMode Mode()
    {
        if (_mode != AnswerMode.Unknown)
        {
            return _mode;
        }

        _mode = ModeOf(response);
        if (_mode == AnswerMode.EventStream)
        {
            var isUsageOurs = exchange is { Endpoint: { } endpoint, Request: { } facts } && UsageRequest.IsNeeded(endpoint, facts);
            _filter = new EventFilter(_answer, isUsageOurs);
        }

        return _mode;
    }

    private static AnswerMode ModeOf(HttpResponse response)
    {
        if (response.StatusCode != StatusCodes.Status200OK || response.Headers.ContentEncoding.Count > 0)
        {
            return AnswerMode.PassThrough;
        }

        var contentType = response.ContentType.AsSpan();
        return contentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) ? AnswerMode.EventStream
            : contentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) ? AnswerMode.Json
            : AnswerMode.PassThrough;
    }

    private void Publish(bool isClientThere)
    {
        exchange.ResponseModel ??= _answer.Model;
        exchange.FinishReason ??= _answer.FinishReason;
        exchange.Usage ??= _answer.Usage is { } usage && (_seen & (AnswerEvent.Last | AnswerEvent.Error)) != AnswerEvent.Last
            ? usage with { Output = Math.Max(usage.Output, exchange.TokenEvents) } // The first event of a message has usage too, of no output yet.
            : _answer.Usage;
        if ((_seen & AnswerEvent.Error) != AnswerEvent.None && isClientThere)
        {
            // The status says 200; the stream says what became of it.
            exchange.Outcome = ExchangeOutcome.UpstreamFailed;
        }
    }
}
