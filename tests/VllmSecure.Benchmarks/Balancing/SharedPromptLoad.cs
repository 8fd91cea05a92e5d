namespace VllmSecure.Benchmarks.Balancing;

/// <summary>Applications with a long system prompt each, more of them than one server's cache holds; many users ask them short questions.</summary>
internal sealed class SharedPromptLoad : ILoad
{
    private const int ApplicationsPerServer = 4;
    private const int UsersPerServer = 6;
    private const int QuestionsPerUser = 6;
    private const int SystemWords = 1_000;
    private const int QuestionWords = 30;

    public string Name => "shared prompts";

    public async Task<IEnumerable<RequestSample>> RunAsync(Fleet fleet, int servers)
    {
        var applications = Enumerable.Range(0, servers * ApplicationsPerServer).Select(i => Words.Of(-1 - i, SystemWords)).ToArray();
        var all = await Task.WhenAll(Enumerable.Range(0, servers * UsersPerServer).Select(user => AskAsync(fleet, applications, user)));
        return all.SelectMany(samples => samples);
    }

    private static async Task<List<RequestSample>> AskAsync(Fleet fleet, string[] applications, int user)
    {
        var samples = new List<RequestSample>();
        for (var i = 0; i < QuestionsPerUser; i++)
        {
            // A stride that is prime to the number of applications: each user visits many, in an order of its own.
            var application = applications[((user * 7) + (i * 5)) % applications.Length];
            samples.Add(await fleet.AskAsync([("system", application), ("user", Words.Of((user * 1_000) + i, QuestionWords))]));
        }

        return samples;
    }
}
