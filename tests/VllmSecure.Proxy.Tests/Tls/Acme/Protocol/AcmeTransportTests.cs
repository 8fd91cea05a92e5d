using System.Net;
using System.Text;
using VllmSecure.Proxy.Tls.Acme.Protocol;

namespace VllmSecure.Proxy.Tests.Tls.Acme.Protocol;

public sealed class AcmeTransportTests
{
    private static readonly Uri Url = new("https://ca.example/new");

    [Fact]
    public async Task Post_BadNonce_SignsAnewWithTheFreshOne()
    {
        var nonces = new List<string>();
        var transport = Create(attempt => attempt < 4 ? Problem(HttpStatusCode.BadRequest, "badNonce", attempt) : Answer("{}", attempt));
        await transport.PostAsync(Url, nonce => Sign(nonce, nonces), default);

        // The first is fetched, each later one came with the refusal before it.
        Assert.Equal(["0", "1", "2", "3"], nonces);
    }

    [Fact]
    public async Task Post_BadNonceForEver_GivesUp()
    {
        var nonces = new List<string>();
        var transport = Create(attempt => Problem(HttpStatusCode.BadRequest, "badNonce", attempt));

        var exception = await Assert.ThrowsAsync<AcmeException>(() => transport.PostAsync(Url, nonce => Sign(nonce, nonces), default));
        Assert.True(exception.Is("badNonce"));
        Assert.Equal(100, nonces.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, "{}", "http", true)]
    [InlineData(HttpStatusCode.BadGateway, "<html>", "http", true)]
    [InlineData(HttpStatusCode.InternalServerError, "{}", "http", true)]
    [InlineData(HttpStatusCode.Forbidden, """{"type":"urn:ietf:params:acme:error:caa","detail":"no"}""", "caa", false)]
    public async Task Post_Refusal_IsAnExceptionThatTellsOutageFromRefusal(HttpStatusCode status, string body, string code, bool isOutage)
    {
        var transport = Create(_ => new HttpResponseMessage(status) { Content = new StringContent(body), Headers = { { "Replay-Nonce", "n" }, { "Retry-After", "60" } } });

        var exception = await Assert.ThrowsAsync<AcmeException>(() => transport.PostAsync(Url, nonce => Sign(nonce, []), default));
        Assert.Equal(code, exception.Problem!.Code);
        Assert.Equal(isOutage, exception.IsOutage);
        Assert.Equal(TimeSpan.FromMinutes(1), exception.RetryAfter);
    }

    [Fact]
    public async Task Post_NoNonceWithARefusal_TellsOutageAndWhenToComeBack()
    {
        var transport = Create(_ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent(""), Headers = { { "Retry-After", "60" } } });

        var exception = await Assert.ThrowsAsync<AcmeException>(() => transport.PostAsync(Url, nonce => Sign(nonce, []), default));
        Assert.True(exception.IsOutage);
        Assert.Equal(TimeSpan.FromMinutes(1), exception.RetryAfter);
    }

    [Fact]
    public async Task Post_SilentCa_IsAnExceptionAfterTheTimeout()
    {
        using var client = new HttpClient(new Silent()) { Timeout = TimeSpan.FromMilliseconds(50) };
        var transport = new AcmeTransport(client, Url, TimeProvider.System);

        var exception = await Assert.ThrowsAsync<AcmeException>(() => transport.PostAsync(Url, nonce => Sign(nonce, []), default));
        Assert.True(exception.IsOutage);
        Assert.Contains("did not answer within", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ContentType_IsExactlyTheRfcs()
    {
        string? type = null;
        using var client = new HttpClient(new Stub((request, attempt) =>
        {
            type = request.Content?.Headers.ContentType?.ToString() ?? type;
            return Answer("{}", attempt);
        }));
        await new AcmeTransport(client, Url, TimeProvider.System).PostAsync(Url, nonce => Sign(nonce, []), default);

        Assert.Equal("application/jose+json", type);
    }

    [Fact]
    public void Read_SomethingElse_IsAnException()
    {
        var response = new AcmeResponse("[]"u8.ToArray(), null, null);

        Assert.Throws<AcmeException>(() => response.Read(AcmeJsonContext.Default.AcmeOrder));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"newNonce":null,"newAccount":"https://ca.example/a","newOrder":"https://ca.example/o"}""")]
    public void Read_DirectoryWithoutWhatItMustHave_IsAnException(string body)
    {
        var response = new AcmeResponse(Encoding.UTF8.GetBytes(body), null, null);

        Assert.True(Assert.Throws<AcmeException>(() => response.Read(AcmeJsonContext.Default.AcmeDirectory)).IsOutage);
    }

    private static JwsMessage Sign(string nonce, List<string> nonces)
    {
        nonces.Add(nonce);
        return new JwsMessage("", "", "");
    }

    private static AcmeTransport Create(Func<int, HttpResponseMessage> answer) =>
        new(new HttpClient(new Stub((_, attempt) => answer(attempt))), Url, TimeProvider.System);

    private static HttpResponseMessage Answer(string body, int nonce) =>
        new(HttpStatusCode.OK) { Content = new StringContent(body), Headers = { { "Replay-Nonce", nonce.ToString(System.Globalization.CultureInfo.InvariantCulture) } } };

    private static HttpResponseMessage Problem(HttpStatusCode status, string code, int nonce)
    {
        var response = Answer($$"""{"type":"urn:ietf:params:acme:error:{{code}}"}""", nonce);
        response.StatusCode = status;
        response.Content = new StringContent($$"""{"type":"urn:ietf:params:acme:error:{{code}}"}""", Encoding.UTF8, "application/problem+json");
        return response;
    }

    private sealed class Stub(Func<HttpRequestMessage, int, HttpResponseMessage> answer) : HttpMessageHandler
    {
        private int _attempts;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request, _attempts++));
    }

    private sealed class Silent : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            throw new InvalidOperationException("Nobody waits that long.");
        }
    }
}
