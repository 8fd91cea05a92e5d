namespace VllmSecure.Benchmarks.Balancing;

/// <summary>Conversations of several turns, each with all that was said before it; the next turn comes when the answer is there.</summary>
internal sealed class MultiTurnLoad : ILoad
{
    private const int ConversationsPerServer = 6;
    private const int Turns = 6;
    private const int WordsPerTurn = 150;

    public string Name => "multi-turn";

    public async Task<IEnumerable<RequestSample>> RunAsync(Fleet fleet, int servers)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, servers * ConversationsPerServer).Select(seed => ConverseAsync(fleet, seed)));
        return all.SelectMany(samples => samples);
    }

    private static async Task<List<RequestSample>> ConverseAsync(Fleet fleet, int seed)
    {
        var samples = new List<RequestSample>();
        var messages = new List<(string Role, string Content)>();
        for (var turn = 0; turn < Turns; turn++)
        {
            messages.Add(("user", Words.Of((seed * 1_000) + turn, WordsPerTurn)));
            var sample = await fleet.AskAsync(messages);
            messages.Add(("assistant", sample.Text));
            samples.Add(sample);
        }

        return samples;
    }
}
