using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Faults;

/// <summary>Carries the fault of one request to the places where it strikes.</summary>
internal sealed class FaultSession(Fault? fault, FaultPlan plan, RecordedRequest record, HttpContext http)
{
    // Taken when the request comes, so that a release holds for it even before it hangs.
    private readonly Task _released = plan.Released;
    private bool _struck;

    /// <summary>Whether the fault has kept the answer from being the right one.</summary>
    public bool Spoiled { get; private set; }

    public async Task BeforeHeadersAsync()
    {
        switch (fault?.Kind)
        {
            case FaultKind.ResetBeforeHeaders:
                Reset();
                break;
            case FaultKind.HangBeforeHeaders:
                await HangAsync();
                break;
            case FaultKind.SlowHeaders:
                record.StrikeFault();
                var time = http.RequestServices.GetRequiredService<ServerContext>().Options.TimeProvider;
                await Task.Delay(fault.Delay, time, http.RequestAborted);
                break;
            case FaultKind.Status:
                Spoil();
                throw ApiException.OfStatus(fault.StatusCode);
        }
    }

    /// <summary>To be called when the headers of a stream are on their way.</summary>
    public void AfterHeaders()
    {
        if (fault?.Kind == FaultKind.ResetBeforeFirstByte)
        {
            Reset();
        }
    }

    /// <summary>To be called whenever so many tokens have been sent, first with none, and once more after the last.</summary>
    public async Task AfterTokensAsync(int sent, bool streaming, bool last)
    {
        if (fault is null || _struck || (sent < fault.AfterTokens && !last))
        {
            return;
        }

        _struck = true;
        switch (fault.Kind)
        {
            case FaultKind.ResetMidStream:
                Reset();
                break;
            case FaultKind.Stall:
                await HangAsync();
                break;
            case FaultKind.ErrorInStream:
                Spoil();
                throw ApiException.Engine();
            case FaultKind.TruncatedBody when streaming:
                Truncate();
                break;
            case FaultKind.MalformedSse when streaming:
                Spoil();
                await http.Response.BodyWriter.WriteAsync(MalformedFrames, http.RequestAborted);
                break;
        }
    }

    /// <summary>Writes a body that is not streamed; half of it when that is the fault.</summary>
    public async Task WriteBodyAsync(ReadOnlyMemory<byte> body)
    {
        AfterHeaders();
        if (fault?.Kind != FaultKind.TruncatedBody)
        {
            await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
            return;
        }

        await http.Response.BodyWriter.WriteAsync(body[..(body.Length / 2)], http.RequestAborted);
        Truncate();
    }

    /// <summary>JSON cut short, a field that SSE does not know, bytes that are no UTF-8.</summary>
    private static ReadOnlyMemory<byte> MalformedFrames { get; } =
        (byte[])[.. "data: {\"id\":\"chatcmpl-broken\",\"choices\":[{\"delta\":{\"cont\n\nnonsense: 1\n\ndata: \xFF"u8, 0xFF, 0xFE, .. "\n\n"u8];

    private async Task HangAsync()
    {
        record.StrikeFault();
        await _released.WaitAsync(http.RequestAborted);
    }

    private void Spoil()
    {
        Spoiled = true;
        record.StrikeFault();
    }

    private void Reset()
    {
        Spoil();
        SocketFaults.Reset(http);
        throw new InjectedFaultException("The connection was reset by a planned fault.");
    }

    private void Truncate()
    {
        Spoil();
        SocketFaults.Close(http);
        throw new InjectedFaultException("The connection was closed early by a planned fault.");
    }
}
