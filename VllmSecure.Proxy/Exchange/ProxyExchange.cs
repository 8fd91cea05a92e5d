namespace VllmSecure.Proxy.Exchange;

/// <summary>
/// What the features of the proxy share about one request: each writes its own findings, later ones read them.
/// It is one feature of the <see cref="HttpContext"/>, so features need not know one another.
/// </summary>
internal sealed class ProxyExchange : IDisposable
{
    private readonly CancellationTokenSource _aborted = new();
    private readonly CancellationToken _clientLeft;
    private readonly CancellationTokenRegistration _leaving;
    private int _waiting = 1; // The client itself.

    public ProxyExchange(string requestId, ListenerRole listener, long received, CancellationToken clientLeft)
    {
        RequestId = requestId;
        Listener = listener;
        Timings = new ExchangeTimings { Received = received };
        Aborted = _aborted.Token;
        _clientLeft = clientLeft;
        _leaving = clientLeft.UnsafeRegister(static exchange => ((ProxyExchange)exchange!).Leave(), this);
    }

    /// <summary>Made here, returned as X-Request-Id and sent upstream in place of the client's.</summary>
    public string RequestId { get; }

    /// <summary>The listener the request came in on.</summary>
    public ListenerRole Listener { get; }

    /// <summary>The vLLM endpoint; null until the route firewall has let the request pass.</summary>
    public ApiEndpoint? Endpoint { get; set; }

    /// <summary>The decoded <c>{id}</c> of the endpoint's path, if it has one.</summary>
    public string? ResourceId { get; set; }

    /// <summary>Who asks; null until authenticated.</summary>
    public ClientIdentity? Client { get; set; }

    /// <summary>The id of the API key that the client's TLS certificate stands for; null where it stands for none.</summary>
    public string? CertificateKeyId { get; set; }

    /// <summary>What the request body says; null where it is not read.</summary>
    public RequestFacts? Request { get; set; }

    /// <summary>The request body and the edits to it; null where it is not read, and once the upstream has answered.</summary>
    public RequestBody? Body { get; set; }

    /// <summary>What keeps the client's prompts apart from others' in vLLM's prefix cache; null: nothing does.</summary>
    public string? CacheSalt { get; set; }

    /// <summary>The name of the upstream that answered (the last one tried).</summary>
    public string? Upstream { get; set; }

    /// <summary>The server of that upstream; null until one was chosen.</summary>
    public string? Server { get; set; }

    /// <summary>Whether the last look at that server had failed when the request was sent there.</summary>
    public bool ServerWasFailing { get; set; }

    /// <summary>The only server that may serve the request, as it holds what the request is about; null: any.</summary>
    public string? BoundServer { get; set; }

    /// <summary>Whether the request may use what vLLM keeps of earlier answers, and have its own kept.</summary>
    public bool MayUseState { get; set; }

    /// <summary>Whether vLLM works on after it has answered, so that its usage is never known here.</summary>
    public bool RunsOn { get; set; }

    /// <summary>Wants to know the id of the answer, before its client does; null: nobody does.</summary>
    public Action<string>? AnswerNamed { get; set; }

    /// <summary>Wants to know that the first token of the answer has come, before its client does; null: nobody does.</summary>
    public Action? FirstTokenCame { get; set; }

    /// <summary>Whether the upstream has told of an error within a stream, whose status was 200 by then.</summary>
    public bool ToldError { get; set; }

    /// <summary>The model that answered, as the response names it.</summary>
    public string? ResponseModel { get; set; }

    /// <summary>
    /// Tokens as vLLM counted them; null until it has said so. Of a stream that ended before its last word, at least the
    /// tokens that were passed on.
    /// </summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>vLLM's finish reason of the choice that finished first, or of one that did not finish in order.</summary>
    public string? FinishReason { get; set; }

    /// <summary>
    /// Events with generated text passed to the client; about a token each. What is left to count by when a stream ends
    /// before vLLM has reported its usage.
    /// </summary>
    public long TokenEvents { get; set; }

    /// <summary>Body bytes sent to the client so far.</summary>
    public long ResponseBytes { get; set; }

    /// <summary>Whether the client is being written to: silence is its own then, and not the upstream's.</summary>
    public bool IsClientWrittenTo { get; set; }

    /// <summary>Gets a copy of the answer, without the proxy's own keep-alive comments; null where nobody wants one.</summary>
    public ResponseCopy? ResponseCopy { get; set; }

    public ExchangeTimings Timings { get; }

    /// <summary>How long it waited in the proxy for room on a server; null: it need not wait.</summary>
    public TimeSpan? QueueTime { get; set; }

    /// <summary>How it ended; meaningful once the pipeline has returned.</summary>
    public ExchangeOutcome Outcome { get; set; }

    /// <summary>The error code of the rule that refused or throttled the request.</summary>
    public string? RefusedBy { get; set; }

    /// <summary>
    /// Whether the client was told of the failure within a stream that had begun. Its connection then ends in order;
    /// cutting it could lose those words.
    /// </summary>
    public bool FailureTold { get; set; }

    /// <summary>Whether the client that sent the request has gone; others may still wait for its answer.</summary>
    public bool HasClientLeft => _clientLeft.IsCancellationRequested;

    /// <summary>
    /// Cancelled when the client, and whoever joined it, has left or the proxy gives the request up. It stands in for
    /// <see cref="HttpContext.RequestAborted"/> from the exchange on, so one token ends the upstream request in every case.
    /// </summary>
    public CancellationToken Aborted { get; }

    /// <summary>Why the proxy itself ended the request; null where it did not.</summary>
    public ExchangeOutcome? AbortReason { get; private set; }

    /// <summary>Ends the upstream request because the proxy decided so (a time budget, the end of a drain).</summary>
    public void Abort(ExchangeOutcome reason)
    {
        AbortReason ??= reason;
        Cancel();
    }

    /// <summary>Waits for the same answer as the client: the request then lives until the last of them has left. False: they have.</summary>
    public bool TryJoin()
    {
        var waiting = Volatile.Read(ref _waiting);
        while (waiting > 0)
        {
            var before = Interlocked.CompareExchange(ref _waiting, waiting + 1, waiting);
            if (before == waiting)
            {
                return true;
            }

            waiting = before;
        }

        return false;
    }

    /// <summary>The client, or one that joined it, waits no longer.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _waiting) == 0)
        {
            Cancel();
        }
    }

    public void Dispose()
    {
        _leaving.Dispose();
        _aborted.Dispose();
    }

    /// <summary>The exchange of a request; every request behind <c>UseExchange</c> has one.</summary>
    /// <remarks>
    /// Asked for dozens of times in a request: by the type as a value, as Kestrel's generic <c>Get</c> takes ten times as long
    /// for a feature that is not its own.
    /// </remarks>
    public static ProxyExchange Of(HttpContext context) =>
        (ProxyExchange?)context.Features[typeof(ProxyExchange)] ?? throw new InvalidOperationException("The request has no exchange: UseExchange comes first.");

    private void Cancel()
    {
        try
        {
            _aborted.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request ended by itself in the same moment: nothing is left to abort.
        }
    }
}
