using System.Globalization;
using System.Net;
using VllmSecure.IntegrationTests.Harness;

namespace VllmSecure.EndToEndTests.Attacks;

/// <summary>Somebody who wants an answer while the proxy is under attack.</summary>
internal sealed class GoodClient(AttackedProxy proxy, Version? version = null) : IDisposable
{
    /// <summary>What a request may take besides twice its normal time: other tests run on the same few cores.</summary>
    private static readonly TimeSpan NoiseFloor = TimeSpan.FromSeconds(1);

    /// <summary>A client that asks without a pause would be an attack itself.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private const int Sample = 15;

    private readonly HttpClient _client = proxy.CreateClient(version);

    /// <summary>
    /// Sends requests one after another until the attack is over, and some more; each must be answered, and their median take no more
    /// than twice what it takes without an attack.
    /// </summary>
    public async Task IsServedDuringAsync(Func<Task> attack)
    {
        await SendAsync(Sample); // The first ones pay for the connection and for code that has never run.
        var normal = Median(await SendAsync(Sample));
        var running = Task.Run(attack);
        var times = new List<TimeSpan>(await SendAsync(Sample));
        using var pace = new PeriodicTimer(Pace);
        while (!running.IsCompleted && await pace.WaitForNextTickAsync())
        {
            times.AddRange(await SendAsync(1));
        }

        await running;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{times.Count} requests: median {Median(times).TotalMilliseconds:F1} ms, longest {times.Max().TotalMilliseconds:F0} ms; without attack {normal.TotalMilliseconds:F1} ms"));
        Assert.InRange(Median(times), TimeSpan.Zero, (normal * 2) + NoiseFloor);
    }

    /// <summary>One request, which must be answered.</summary>
    public async Task<TimeSpan> SendAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        using var request = ChatRequests.Chat();
        using var response = await _client.SendForStreamAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {answer}");
        return TimeProvider.System.GetElapsedTime(started);
    }

    public void Dispose() => _client.Dispose();

    private async Task<List<TimeSpan>> SendAsync(int count)
    {
        var times = new List<TimeSpan>(count);
        for (var sent = 0; sent < count; sent++)
        {
            times.Add(await SendAsync());
        }

        return times;
    }

    private static TimeSpan Median(IEnumerable<TimeSpan> times) => times.Order().ElementAt(times.Count() / 2);
}
