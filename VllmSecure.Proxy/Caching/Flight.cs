namespace VllmSecure.Proxy.Caching;

/// <summary>A request on its way for all that are equal to it.</summary>
internal sealed class Flight
{
    private readonly TaskCompletionSource<bool> _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer; null until it is whole, and for ever where there is none to keep.</summary>
    public CachedAnswer? Answer { get; private set; }

    /// <summary>Ends with whether the server has answered; false: the client that sent it has left, and another has to send it.</summary>
    public Task<bool> Landed => _landed.Task;

    public void Land(CachedAnswer? answer, bool isAnswered)
    {
        Answer = answer;
        _landed.TrySetResult(isAnswered);
    }
}
