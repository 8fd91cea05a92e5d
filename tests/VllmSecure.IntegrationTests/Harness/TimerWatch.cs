using Microsoft.Extensions.Time.Testing;

namespace VllmSecure.IntegrationTests.Harness;

/// <summary>A fake clock that tells when somebody waits for a given time, so that a test moves it not a moment too early.</summary>
internal sealed class TimerWatch(TimeSpan due) : FakeTimeProvider(TimeProvider.System.GetUtcNow())
{
    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first timer of that length is set.</summary>
    public Task Waiting => _waiting.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime == due)
        {
            _waiting.TrySetResult();
        }

        return timer;
    }
}
