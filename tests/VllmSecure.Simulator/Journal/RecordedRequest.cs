using System.Text;

namespace VllmSecure.Simulator;

/// <summary>One request as it came off the wire, and what became of it. Safe to read while it runs.</summary>
public sealed class RecordedRequest
{
    private readonly TaskCompletionSource<RequestEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RequestJournal _journal;
    private int _tokensGenerated;

    internal RecordedRequest(RequestJournal journal) => _journal = journal;

    /// <summary>Upper-case method of the request line.</summary>
    public required string Method { get; init; }

    /// <summary>The request target exactly as sent.</summary>
    public required string RawTarget { get; init; }

    /// <summary>The target's path, percent-decoded once, dot segments kept: what vLLM's router sees.</summary>
    public required string Path { get; init; }

    /// <summary>For example <c>HTTP/1.1</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Headers by name (any case); one array item for each header line.</summary>
    public required IReadOnlyDictionary<string, string[]> Headers { get; init; }

    /// <summary>The same for every request of one TCP connection.</summary>
    public required string ConnectionId { get; init; }

    /// <summary>When the request head had been read.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The body; empty until all of it has come.</summary>
    public byte[] Body { get; private set; } = [];

    /// <summary>Whether all of the body has come.</summary>
    public bool BodyReceived { get; private set; }

    /// <summary><see cref="Body"/> as UTF-8.</summary>
    public string BodyText => Encoding.UTF8.GetString(Body);

    /// <summary>The <c>model</c> member of the body.</summary>
    public string? Model { get; internal set; }

    /// <summary>Prompt tokens by <see cref="SimulatedTokenizer"/>.</summary>
    public int PromptTokens { get; internal set; }

    /// <summary>Prompt tokens found in the prefix cache; 0 before the request runs.</summary>
    public int CachedPromptTokens { get; internal set; }

    /// <summary>Tokens generated until now, over all choices.</summary>
    public int TokensGenerated => Volatile.Read(ref _tokensGenerated);

    /// <summary>Time from arrival to the first token; <see langword="null"/> before it.</summary>
    public TimeSpan? TimeToFirstToken { get; internal set; }

    /// <summary>Status that was answered; 0 before it is known.</summary>
    public int StatusCode { get; internal set; }

    /// <summary>Whether a planned fault has struck; a hanging request can be released from then on.</summary>
    public bool FaultStruck { get; private set; }

    /// <summary>Completes when the request has ended, in whatever way.</summary>
    public Task<RequestEnd> Ended => _ended.Task;

    /// <summary>Whether the client left before the answer was whole.</summary>
    public bool Aborted => Ended is { IsCompletedSuccessfully: true, Result: RequestEnd.Aborted };

    /// <summary>The only value of a header; <see langword="null"/> when absent, joined by commas when repeated.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var values) ? string.Join(',', values) : null;

    internal void SetBody(byte[] body)
    {
        Body = body;
        BodyReceived = true;
        _journal.OnChanged(this);
    }

    internal void CountToken()
    {
        Interlocked.Increment(ref _tokensGenerated);
        _journal.OnChanged(this);
    }

    internal void StrikeFault()
    {
        FaultStruck = true;
        _journal.OnChanged(this);
    }

    internal void End(RequestEnd end)
    {
        if (_ended.TrySetResult(end))
        {
            _journal.OnChanged(this);
        }
    }
}
