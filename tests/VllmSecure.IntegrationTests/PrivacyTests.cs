using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using VllmSecure.IntegrationTests.Harness;
using VllmSecure.Proxy.ApiSurface;
using VllmSecure.Simulator;

namespace VllmSecure.IntegrationTests;

/// <summary>
/// Secrets go in by every endpoint, in every place of a request, and come back in every answer, with every outcome and
/// failure; none comes out in an error, log, span, metric, status or file. Every log of ours is at its most talkative.
/// </summary>
[Collection(WholeProcess.Name)]
public sealed class PrivacyTests
{
    private const string Canary = "canary7secret";
    private const string ProxyKey = "canary7secret-key-of-the-proxy-0123456789";
    private const string UpstreamKey = "canary7secret-key-of-the-upstream";

    private static readonly Fault[] Faults =
    [
        Fault.ResetBeforeHeaders, Fault.ResetBeforeFirstByte, Fault.MalformedSse, Fault.TruncatedBody, Fault.ResetMidStream(1),
        Fault.ErrorInStream(1), Fault.Status(500), Fault.Status(503), Fault.HangBeforeHeaders, Fault.Stall(1),
    ];

    private readonly SpanRecorder _spans = new();
    private readonly AccessLogRecorder _accessLog = new();
    private readonly FakeLogCollector _logs = FakeLogCollector.Create(new FakeLogCollectorOptions());

    [Fact]
    public async Task Secrets_ThroughEveryEndpoint_ReachNoSink()
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartProxyAsync(vllm);
        using var owner = proxy.CreateClient(ProxyKey);
        using var stranger = proxy.CreateClient(key: "sk-" + Canary);

        using (var answer = await owner.SendAsync(Request(HttpMethod.Post, ChatRequests.Path, Body(stream: false))))
        {
            Assert.Contains(Canary, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        foreach (var endpoint in VllmEndpoints.All)
        {
            var path = endpoint.Path.Replace("{id}", Canary, StringComparison.Ordinal);
            foreach (var method in endpoint.Methods)
            {
                await SendAsync(owner, Request(new HttpMethod(method), path, Body(stream: false)));
                await SendAsync(owner, Request(new HttpMethod(method), path, Body(stream: true)));
                await SendAsync(owner, Request(new HttpMethod(method), path, "{\"" + Canary + "\":"));
                await SendAsync(stranger, Request(new HttpMethod(method), path, Body(stream: false)));
            }
        }

        await SendAsync(owner, Request(HttpMethod.Get, "/" + Canary, ""));
        await SendAsync(owner, Request(HttpMethod.Post, "/v1/" + Canary + "/completions", Body(stream: false)));
        await SendAsync(owner, Request(new HttpMethod(Canary), "/v1/models", ""));
        await SendAsync(owner, Request(HttpMethod.Post, ChatRequests.Path, Body(stream: false, model: Canary)));
        await RawConnection.SendAsync(proxy, proxy.Addresses.Https, $"GET /{Canary} {Canary}\r\n{Canary}\r\n\r\n");
        using var plain = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = proxy.Addresses.Http };
        await SendAsync(plain, Request(HttpMethod.Post, ChatRequests.Path, Body(stream: false)));
        await SendAsync(plain, Request(HttpMethod.Get, "/" + Canary, ""));

        Assert.Contains(vllm.Journal.Requests, request => request.BodyText.Contains(Canary, StringComparison.Ordinal));
        await AssertNothingLeakedAsync(proxy);
    }

    [Fact]
    public async Task Secrets_WithEveryFailure_ReachNoSink()
    {
        await using var vllm = await StartVllmAsync();
        await using var proxy = await StartProxyAsync(vllm, KeyValuePair.Create("Timeouts:TotalSeconds", (string?)"1"));

        using var owner = proxy.CreateClient(ProxyKey);

        foreach (var fault in Faults)
        {
            foreach (var stream in new[] { false, true })
            {
                vllm.Faults.Clear(); // A machine so busy that the budget ran out before vLLM was reached leaves one behind.
                vllm.Faults.Next(fault);
                await SendAsync(owner, Request(HttpMethod.Post, ChatRequests.Path, Body(stream)));
            }
        }

        Assert.Contains(vllm.Journal.Requests, request => request.BodyText.Contains(Canary, StringComparison.Ordinal));
        await LeaveAsync(vllm, owner);
        await vllm.StopAsync();
        await SendAsync(owner, Request(HttpMethod.Post, ChatRequests.Path, Body(stream: true)));

        await AssertNothingLeakedAsync(proxy);
    }

    private static async Task LeaveAsync(SimulatedVllm vllm, HttpClient owner)
    {
        vllm.Journal.Clear();
        vllm.Faults.Clear();
        vllm.Faults.Next(Fault.HangBeforeHeaders);
        using var leave = new CancellationTokenSource();
        var pending = owner.SendAsync(Request(HttpMethod.Post, ChatRequests.Path, Body(stream: false)), leave.Token);
        await vllm.Journal.WaitForAsync(request => request.BodyReceived).WaitAsync(TimeSpan.FromSeconds(30));
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
    }

    private static Task<SimulatedVllm> StartVllmAsync() =>
        SimulatedVllm.StartAsync(new SimulatorOptions { Models = [ChatRequests.Model], ApiKey = UpstreamKey, OnlyWord = Canary });

    private Task<ProxyUnderTest> StartProxyAsync(SimulatedVllm vllm, params KeyValuePair<string, string?>[] settings) => ProxyUnderTest.StartAsync(
        vllm.Address,
        [
            new("ApiKeys:test:Key", ProxyKey),
            new("Upstreams:vllm:ApiKey", UpstreamKey),
            new("ApiSurface:Tokenizer", "true"),
            new("Quotas:Default:TokensPerDay", "1000000000"), // Counted, reached by nobody.
            new("Logging:LogLevel:Default", "Information"),
            new("Logging:LogLevel:VllmSecure", "Trace"),
            .. settings,
        ],
        Observe);

    private void Observe(WebApplicationBuilder builder)
    {
        _spans.AddTo(builder);
        _accessLog.AddTo(builder);
        builder.Logging.AddProvider(new FakeLoggerProvider(_logs));
    }

    /// <summary>A secret in every place that a client can write to.</summary>
    private static HttpRequestMessage Request(HttpMethod method, string path, string body)
    {
        var request = new HttpRequestMessage(method, $"{path}?api_key={Canary}&{Canary}=1");
        foreach (var header in new[] { "User-Agent", "X-Request-Id", "Cookie", "Referer", "tracestate", "baggage", "X-Forwarded-For", "Origin", "anthropic-version", Canary })
        {
            request.Headers.TryAddWithoutValidation(header, $"{Canary}=1");
        }

        request.Headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        if (method != HttpMethod.Get)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }

    private static string Body(bool stream, string model = ChatRequests.Model) =>
        $$"""
        {"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"max_tokens":4,"messages":[{"role":"user","content":"{{Canary}}"}],
         "prompt":"{{Canary}}","input":"{{Canary}}","query":"{{Canary}}","documents":["{{Canary}}"],"text_1":"{{Canary}}","text_2":"{{Canary}}",
         "tokens":[1,2],"user":"{{Canary}}","metadata":{"{{Canary}}":"{{Canary}}"},"stop":["{{Canary}}"]}
        """;

    private static async Task SendAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            try
            {
                using var response = await client.SendAsync(request);
                var body = await response.Content.ReadAsStringAsync();
                if ((int)response.StatusCode >= 400)
                {
                    // The name of a model that is not there is said back, as by vLLM; nothing else is.
                    body = body.Replace($"The model `{Canary}` does not exist.", "", StringComparison.Ordinal);
                    AssertClean($"the error of {request.Method} {request.RequestUri!.AbsolutePath}", body);
                }
            }
            catch (HttpRequestException)
            {
                // A stream that breaks off is one of the outcomes.
            }
        }
    }

    private async Task AssertNothingLeakedAsync(ProxyUnderTest proxy)
    {
        using var operators = new HttpClient { BaseAddress = proxy.Addresses.Management };
        var answers = new StringBuilder();
        foreach (var path in new[] { "/metrics", "/status", "/health/ready", "/health/live" })
        {
            using var response = await operators.GetAsync(path);
            answers.Append(await response.Content.ReadAsStringAsync());
        }

        await proxy.StopAsync(); // So that the queues are empty and the files written.
        var accessLog = _accessLog.ReadAll();
        var logs = string.Join('\n', _logs.GetSnapshot().Select(Everything));
        var spans = string.Join('\n', _spans.All.Where(span => span.Kind != ActivityKind.Client || span.Parent is not null).Select(Everything));

        Assert.NotEmpty(accessLog);
        Assert.NotEmpty(logs);
        Assert.NotEmpty(spans);
        AssertClean("the management listener", answers.ToString());
        AssertClean("the access log", accessLog);
        AssertClean("the log", logs);
        AssertClean("the spans", spans);
        Assert.True(File.Exists(Path.Combine(proxy.DataDirectory, "quota-usage.json")));
        foreach (var file in Directory.EnumerateFiles(proxy.DataDirectory, "*", SearchOption.AllDirectories))
        {
            AssertClean(file, await File.ReadAllTextAsync(file));
        }
    }

    private static void AssertClean(string sink, string text)
    {
        var place = text.IndexOf(Canary, StringComparison.OrdinalIgnoreCase);
        Assert.True(place < 0, $"A secret is in {sink}: …{text[Math.Max(0, place - 200)..Math.Max(0, Math.Min(text.Length, place + 100))]}…");
    }

    private static string Everything(FakeLogRecord record)
    {
        var state = record.StructuredState is null ? "" : string.Join(' ', record.StructuredState.Select(pair => $"{pair.Key}={pair.Value}"));
        return $"{record.Category} {record.Id} {record.Message} {state} {string.Join(' ', record.Scopes)} {record.Exception}";
    }

    private static string Everything(Activity span)
    {
        var tags = span.TagObjects.Concat(span.Events.SelectMany(happened => happened.Tags)).Concat(span.Links.SelectMany(link => link.Tags ?? []));
        var values = tags.Select(tag => $"{tag.Key}={(tag.Value is string[] many ? string.Join(',', many) : tag.Value)}");
        return $"{span.DisplayName} {span.TraceStateString} {span.StatusDescription} {string.Join(' ', values)} {string.Join(' ', span.Baggage)} {string.Join(' ', span.Events.Select(happened => happened.Name))}";
    }
}
