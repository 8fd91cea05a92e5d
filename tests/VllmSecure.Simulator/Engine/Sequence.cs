using System.Runtime.CompilerServices;

namespace VllmSecure.Simulator.Engine;

/// <summary>One admitted request. Dispose it in any case: what has not finished by then counts as aborted.</summary>
internal sealed class Sequence : IDisposable
{
    private readonly InferenceEngine _engine;
    private readonly SchedulerTicket _ticket;
    private readonly RecordedRequest _record;
    private readonly TimeProvider _time;
    private readonly long _arrived;
    private int _blocksHeld;
    private bool _ended;

    public Sequence(InferenceEngine engine, SchedulerTicket ticket, GenerationPlan plan, RecordedRequest record)
    {
        _engine = engine;
        _ticket = ticket;
        _record = record;
        _time = engine.Options.TimeProvider;
        _arrived = _time.GetTimestamp();
        Plan = plan;
    }

    public GenerationPlan Plan { get; }

    /// <summary>Waits for a place and for the prefill; the first token is ready when it returns.</summary>
    public async Task PrefillAsync(CancellationToken cancellationToken)
    {
        await _ticket.Started.WaitAsync(cancellationToken);
        _engine.Metrics.QueueTime.Observe(_time.GetElapsedTime(_arrived));
        var started = _time.GetTimestamp();
        Hold(Plan.Prompts.Sum(prompt => BlocksOf(prompt.Count)));

        var cached = Plan.Prompts.Sum(prompt => _engine.PrefixCache.Match(prompt, Plan.CacheSalt));
        _record.CachedPromptTokens = cached;
        _engine.Metrics.CountPrompt(Plan.PromptTokens, cached);
        var options = _engine.Options;
        await WaitUntilAsync(started, options.TimeToFirstToken + (options.PrefillPerToken * (Plan.PromptTokens - cached)), cancellationToken);
        foreach (var prompt in Plan.Prompts)
        {
            _engine.PrefixCache.Add(prompt, Plan.CacheSalt);
        }
    }

    /// <summary>The tokens of all choices, step by step, as a batch produces them.</summary>
    public async IAsyncEnumerable<EngineToken> DecodeAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var latency = new LatencySource(_engine.Options, Plan);
        var due = TimeSpan.Zero;
        var last = started;
        var steps = Plan.Choices.Max(choice => choice.Pieces.Count);
        for (var step = 0; step < steps; step++)
        {
            if (step > 0)
            {
                // Due times add up from the first token, so that late timers do not slow the whole stream down.
                due += latency.Next();
                await WaitUntilAsync(started, due, cancellationToken);
                _engine.Metrics.InterTokenLatency.Observe(_time.GetElapsedTime(last));
                last = _time.GetTimestamp();
            }

            for (var choice = 0; choice < Plan.Choices.Count; choice++)
            {
                var pieces = Plan.Choices[choice].Pieces;
                if (step < pieces.Count)
                {
                    Count(step);
                    yield return new EngineToken(choice, pieces[step], step == pieces.Count - 1);
                }
            }
        }
    }

    /// <summary>
    /// Says that the answer is whole: the request counts as a success, its tokens may be reused, its place is free. To be
    /// called before the answer's end is sent, so that who has read it finds the engine at rest.
    /// </summary>
    public void Finish()
    {
        if (Plan is { Prompts: [var prompt], Choices: [var first, ..] })
        {
            _engine.PrefixCache.Add([.. prompt, .. first.Pieces.Select(piece => piece.Text)], Plan.CacheSalt);
        }

        // Embeddings and scores have no choices; to the engine they stop all the same.
        End(Plan.Choices.Select(choice => choice.FinishReason).DefaultIfEmpty("stop"));
    }

    public void Dispose() => End(["abort"]);

    private void End(IEnumerable<string> reasons)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        foreach (var reason in reasons)
        {
            _engine.Metrics.CountSuccess(reason);
        }

        _engine.Metrics.EndToEnd.Observe(_time.GetElapsedTime(_arrived));
        Hold(0);
        _ticket.Dispose();
    }

    private static int BlocksOf(int tokens) => (tokens + PrefixCache.BlockSize - 1) / PrefixCache.BlockSize;

    private void Count(int step)
    {
        if (_record.TokensGenerated == 0)
        {
            _record.TimeToFirstToken = _time.GetElapsedTime(_arrived);
            _engine.Metrics.TimeToFirstToken.Observe(_record.TimeToFirstToken.Value);
        }

        _record.CountToken();
        _engine.Metrics.CountGenerated();
        if (step % PrefixCache.BlockSize == 0)
        {
            Hold(BlocksOf(Plan.PromptTokens + _record.TokensGenerated));
        }
    }

    private void Hold(int blocks)
    {
        _engine.HoldBlocks(blocks - _blocksHeld);
        _blocksHeld = blocks;
    }

    private Task WaitUntilAsync(long start, TimeSpan due, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var remaining = due - _time.GetElapsedTime(start);
        // No latency, no timer: a test without latencies runs as fast as its sockets. Task.Delay would drop fractions of
        // a millisecond, and tokens be early: rounded up.
        return remaining <= TimeSpan.Zero
            ? Task.CompletedTask
            : Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(remaining.TotalMilliseconds)), _time, cancellationToken);
    }
}
