using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Tests.Telemetry;

/// <summary>A finished request as the features see it, on a clock that stands still unless told.</summary>
internal sealed class SampleExchange : IDisposable
{
    public const string Model = "org/served-model";

    public SampleExchange()
    {
        Exchange = new ProxyExchange("req_sample", ListenerRole.Inference, Clock.GetTimestamp(), CancellationToken.None)
        {
            Endpoint = new ApiEndpoint("/v1/chat/completions", EndpointClass.Inference, "POST") { Operation = "chat" },
            Client = new ClientIdentity("key-1"),
            Request = new RequestFacts { Model = Model, Stream = true, MaxOutputTokens = 100, BodyBytes = 321 },
            Upstream = "gpu-1",
        };
        Context.Features.Set(Exchange);
        Context.Request.Method = "POST";
        Context.Request.Scheme = "https";
        Context.Request.Protocol = "HTTP/2";
        Context.Request.Path = "/v1/chat/completions";
        Known.Learn(Model);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    public DefaultHttpContext Context { get; } = new();

    public ProxyExchange Exchange { get; }

    public KnownModels Known { get; } = new();

    public ModelNames Names => new(Known);

    /// <summary>First token after 2 s, last after 6 s, end after 7 s; 10 tokens in (4 cached), 5 out.</summary>
    public SampleExchange Streamed()
    {
        Clock.Advance(TimeSpan.FromSeconds(2));
        Exchange.Timings.FirstToken = Clock.GetTimestamp();
        Clock.Advance(TimeSpan.FromSeconds(4));
        Exchange.Timings.LastToken = Clock.GetTimestamp();
        Clock.Advance(TimeSpan.FromSeconds(1));
        Exchange.Usage = new TokenUsage(10, 5, 4);
        Exchange.FinishReason = "stop";
        Exchange.ResponseModel = Model;
        Exchange.ResponseBytes = 654;
        return this;
    }

    public void Dispose() => Exchange.Dispose();
}
