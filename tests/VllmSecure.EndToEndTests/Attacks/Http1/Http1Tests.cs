using System.Net.Security;
using System.Text;

namespace VllmSecure.EndToEndTests.Attacks.Http1;

/// <summary>
/// Raw bytes in, and what arrived upstream beside them: each case is refused, or forwarded as exactly one request that can be read in
/// one way only.
/// </summary>
public sealed class Http1Tests(Http1Target target) : IClassFixture<Http1Target>
{
    private static readonly Dictionary<string, Http1Case> Cases =
        ((IEnumerable<Http1Case>)[.. LengthCases.All, .. ChunkCases.All, .. HeaderCases.All, .. StartLineCases.All, .. ConnectionCases.All])
        .ToDictionary(item => item.Name, StringComparer.Ordinal);

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bytes_OfAnyKind_AreRefusedOrForwardedAsOneRequest(string name)
    {
        var attack = Cases[name];
        target.Upstream.Clear();

        var answers = RawAnswer.Parse(await SendAsync(attack.Bytes + Requests.Probe), attack.IsHead);

        Assert.Equal(attack.Statuses, answers.Select(answer => answer.Status));
        Assert.All(answers.Where(answer => answer.Status >= 400 && !attack.IsHead), answer => Assert.Contains("\"error\":{", answer.Body, StringComparison.Ordinal));
        Assert.All(answers.Where(answer => answer.Status == 200), answer => Assert.Equal(RecordingUpstream.Answer, answer.Body));
        if (answers[^1].Status is 404 or 405)
        {
            Assert.Contains("\r\nConnection: close", answers[^1].Head, StringComparison.Ordinal); // Whoever is not told loses the next request.
        }

        AssertWhatArrived(answers.Count(answer => answer.Status == 200));
    }

    private void AssertWhatArrived(int count)
    {
        Assert.Empty(target.Upstream.Violations);
        var arrived = target.Upstream.Requests;
        Assert.Equal(count, arrived.Count);
        Assert.Equal(count, arrived.SelectMany(request => request.Values("X-Request-Id")).Distinct(StringComparer.Ordinal).Count());
        Assert.All(arrived, request =>
        {
            Assert.Equal([target.Upstream.Address.Authority], request.Values("Host"));
            Assert.Empty(request.Values("Authorization"));
            Assert.True(
                (request.Method, request.Target) is ("GET", "/v1/realtime") && request.Body.Length == 0
                || (request.Method, request.Target) is ("POST", Requests.Target) && request.BodyText is Requests.Good or Requests.ProbeBody,
                $"{request.Method} {request.Target} {request.BodyText}");
        });
    }

    private async Task<byte[]> SendAsync(string bytes)
    {
        await using var connection = await target.Proxy.OpenAsync(SslApplicationProtocol.Http11);
        var received = new MemoryStream();

        // At the same time: a proxy that refuses does not read to the end.
        var reading = connection.CopyToAsync(received);
        await EndAsync(connection.WriteAsync(Encoding.Latin1.GetBytes(bytes)).AsTask());
        await EndAsync(reading);
        return received.ToArray();
    }

    /// <summary>Cut off while it was still sending: what has come until then is the answer.</summary>
    private static async Task EndAsync(Task transfer)
    {
        try
        {
            await transfer.WaitAsync(AttackedProxy.Guard);
        }
        catch (IOException)
        {
        }
    }
}
