using System.Globalization;
using System.Net;
using System.Text;
using VllmSecure.EndToEndTests.Attacks.Http1;
using VllmSecure.IntegrationTests.Harness;

namespace VllmSecure.EndToEndTests.Attacks.Resources;

/// <summary>JSON that is hard on a parser. Each answer comes soon: nothing in the scan is worse than linear.</summary>
public sealed class JsonTests(BodyTarget target) : IClassFixture<BodyTarget>
{
    private const int Million = 1_000_000;

    private static readonly Dictionary<string, (Func<string> Body, HttpStatusCode Expected)> Cases = new(StringComparer.Ordinal)
    {
        ["Arrays, 100,000 deep"] = (() => Messages(new string('[', 100_000) + new string(']', 100_000)), HttpStatusCode.BadRequest),
        ["Arrays, open, 5,000,000 deep"] = (() => Messages(new string('[', 5 * Million)), HttpStatusCode.BadRequest),
        ["Objects, 50,000 deep"] = (() => Messages(string.Concat(Enumerable.Repeat("{\"a\":", 50_000)) + "1" + new string('}', 50_000)), HttpStatusCode.BadRequest),
        ["Array of a million"] = (() => Messages("[" + string.Join(',', Enumerable.Repeat("1", Million)) + "]"), HttpStatusCode.OK),
        ["Object of a million members"] = (() => Messages("[{" + string.Join(',', Enumerable.Range(0, Million).Select(Member)) + "}]"), HttpStatusCode.BadRequest),
        ["Objects of 1,000 members, 1,000 times"] = (() => Messages("[" + string.Join(',', Enumerable.Repeat("{" + string.Join(',', Enumerable.Range(0, 1000).Select(Member)) + "}", 1000)) + "]"), HttpStatusCode.OK),
        ["One name, 100,000 times"] = (() => Messages("[{" + string.Join(',', Enumerable.Repeat("\"a\":1", 100_000)) + "}]"), HttpStatusCode.BadRequest),
        ["Names that collide when unescaped"] = (() => """{"model":"test-model","\u006dodel":"other","messages":[]}""", HttpStatusCode.BadRequest),
        ["Number of a million digits"] = (() => Messages("[" + new string('9', Million) + "]"), HttpStatusCode.OK),
        ["String of a million escapes"] = (() => Messages("[\"" + string.Concat(Enumerable.Repeat("\\u0061", Million)) + "\"]"), HttpStatusCode.OK),
        ["Name of a million escapes"] = (() => Messages("[{\"" + string.Concat(Enumerable.Repeat("\\u0061", Million)) + "\":1}]"), HttpStatusCode.OK),
        ["Spaces, ten million"] = (() => Messages("[" + new string(' ', 10 * Million) + "]"), HttpStatusCode.OK),
        ["Empty objects, a million"] = (() => Messages("[" + string.Join(',', Enumerable.Repeat("{}", Million)) + "]"), HttpStatusCode.OK),
        ["String without end"] = (() => Messages("[\"" + new string('a', 10 * Million)), HttpStatusCode.BadRequest),
    };

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Json_ThatIsHardToParse_IsAnsweredSoon(string name)
    {
        var (body, expected) = Cases[name];
        using var client = target.Proxy.CreateClient();
        using var request = ChatRequests.Post(Requests.Target, body());
        var started = TimeProvider.System.GetTimestamp();

        using var response = await client.SendAsync(request);

        var took = TimeProvider.System.GetElapsedTime(started);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds:F0} ms"));
        Assert.True(expected == response.StatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");

        // Ten million bytes take some 50 ms. A scan that is quadratic in any of these would take minutes.
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    private static string Messages(string json) => new StringBuilder("""{"model":"test-model","messages":""").Append(json).Append('}').ToString();

    private static string Member(int number) => string.Create(CultureInfo.InvariantCulture, $"\"{number}\":1");
}
