using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using VllmSecure.EndToEndTests.Attacks.Http1;

namespace VllmSecure.EndToEndTests.Attacks.Resources;

/// <summary>Bodies of any size, one or many: what is too much is refused, and memory stays within the budget.</summary>
[Collection(UnderAttack.Name)]
public sealed class LargeBodyTests(BodyTarget target) : IClassFixture<BodyTarget>
{
    private const string Begin = """{"model":"test-model","messages":[],"prompt":" """;
    private const string End = "\"}";

    [Theory]
    [InlineData("/v1/completions", 10_000_000, HttpStatusCode.OK)]
    [InlineData("/v1/completions", 10_000_001, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/v1/chat/completions", 64_000_000, HttpStatusCode.OK)]
    [InlineData("/v1/chat/completions", 64_000_001, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Body_AtTheLimit_PassesAndNotAByteMore(string path, int size, HttpStatusCode expected)
    {
        using var client = target.Proxy.CreateClient();
        using var content = new StringContent(Begin + new string('a', size - Begin.Length - End.Length) + End, Encoding.ASCII, "application/json");
        content.Headers.ContentType!.CharSet = null;

        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Bodies_OneThousandOfOneMegabyteAtOnce_StayWithinTheBudget()
    {
        const int Count = 1000;
        var body = Encoding.ASCII.GetBytes(Begin + new string('a', 1_000_000 - Begin.Length - End.Length) + End);
        using (var client = new GoodClient(target.Proxy))
        {
            await client.SendAsync();
        }

        var connections = new List<SslStream>();
        for (var opened = 0; opened < Count; opened += 50)
        {
            connections.AddRange(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => target.Proxy.OpenAsync(SslApplicationProtocol.Http11))));
        }

        var before = target.Proxy.Figures;
        var peak = before;
        var head = Encoding.ASCII.GetBytes(Requests.Post(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\nConnection: close\r\n"), ""));
        var statuses = await Task.WhenAll(connections.Select(async (connection, index) =>
        {
            // All but the last byte, so that every body is held until all are there.
            await WriteAsync(connection, (byte[])[.. head, .. body.AsSpan(0, body.Length - 1)]);
            if (index % 100 == 0)
            {
                peak = target.Proxy.Figures is var now && now.ResidentMiB > peak.ResidentMiB ? now : peak;
            }

            await WriteAsync(connection, body.AsMemory(body.Length - 1));
            return await StatusAsync(connection);
        })).WaitAsync(TimeSpan.FromSeconds(60));

        var after = target.Proxy.Figures;
        var counts = statuses.CountBy(status => status).ToDictionary();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"before: {before}; peak: {peak}; after: {after}; {string.Join(", ", counts.Select(count => FormattableString.Invariant($"{count.Value} times {count.Key}")))}");
        Assert.Subset(new HashSet<int> { 200, 503 }, counts.Keys.ToHashSet());
        Assert.True(counts[200] > BodyTarget.BudgetMiB / 2, "Hardly a request was served.");

        // Beside the budget: what Kestrel and TLS hold for each connection while they read (64 KiB of input, a record, a segment of 1 MiB
        // is part of the budget), and what the collector has not given back yet.
        Assert.InRange(Math.Max(peak.ResidentMiB, after.ResidentMiB) - before.ResidentMiB, double.MinValue, BodyTarget.BudgetMiB + 350);
        using (var client = new GoodClient(target.Proxy))
        {
            await client.SendAsync();
        }

        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("identity, gzip")]
    public async Task Body_Compressed_IsRefusedUnopened(string coding)
    {
        using var client = target.Proxy.CreateClient();
        var before = target.Proxy.Figures;
        using var content = new ByteArrayContent(await BombAsync());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);

        using var response = await client.PostAsync(new Uri(Requests.Target, UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.InRange(target.Proxy.Figures.ResidentMiB - before.ResidentMiB, double.MinValue, 100);
    }

    [Fact]
    public async Task Body_CompressedAndNotSaidSo_IsNoJson()
    {
        using var client = target.Proxy.CreateClient();
        using var content = new ByteArrayContent(await BombAsync());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var response = await client.PostAsync(new Uri(Requests.Target, UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    /// <summary>256 MiB of zeros in some 250 KiB.</summary>
    private static async Task<byte[]> BombAsync()
    {
        var bomb = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(bomb, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1024 * 1024];
            for (var count = 0; count < 256; count++)
            {
                await gzip.WriteAsync(zeros);
            }
        }

        return bomb.ToArray();
    }

    private static async Task WriteAsync(SslStream connection, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await connection.WriteAsync(bytes);
        }
        catch (IOException)
        {
            // Refused and closed meanwhile; the answer is there to read.
        }
    }

    private static async Task<int> StatusAsync(SslStream connection)
    {
        var line = new byte[12];
        try
        {
            await connection.ReadExactlyAsync(line);
            return int.Parse(Encoding.ASCII.GetString(line)[9..], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
