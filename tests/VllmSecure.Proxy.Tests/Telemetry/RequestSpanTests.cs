using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.Tests.Telemetry;

public sealed class RequestSpanTests : IDisposable
{
    private readonly SampleExchange _sample = new();
    private readonly Activity _span = new Activity("request").Start();

    [Fact]
    public void Describe_Chat_IsNamedByOperationAndModel()
    {
        Describe(_sample.Streamed());

        Assert.Equal("chat " + SampleExchange.Model, _span.DisplayName);
        Assert.Equal("POST", _span.GetTagItem("http.request.method"));
        Assert.Equal("https", _span.GetTagItem("url.scheme"));
        Assert.Equal("2", _span.GetTagItem("network.protocol.version"));
        Assert.Equal("/v1/chat/completions", _span.GetTagItem("http.route"));
        Assert.Equal("chat", _span.GetTagItem("gen_ai.operation.name"));
        Assert.Equal("vllm", _span.GetTagItem("gen_ai.provider.name"));
        Assert.Equal(SampleExchange.Model, _span.GetTagItem("gen_ai.request.model"));
        Assert.Equal(SampleExchange.Model, _span.GetTagItem("gen_ai.response.model"));
        Assert.Equal(100L, _span.GetTagItem("gen_ai.request.max_tokens"));
        Assert.Equal(10L, _span.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal(5L, _span.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.Equal(4L, _span.GetTagItem("gen_ai.usage.cache_read.input_tokens"));
        Assert.Equal(["stop"], Assert.IsType<string[]>(_span.GetTagItem("gen_ai.response.finish_reasons")));
        Assert.Equal("key-1", _span.GetTagItem("vllm_secure.key_id"));
        Assert.Equal("gpu-1", _span.GetTagItem("vllm_secure.upstream"));
        Assert.Equal("ok", _span.GetTagItem("vllm_secure.outcome"));
        Assert.Null(_span.GetTagItem("error.type"));
    }

    [Fact]
    public void Describe_Streamed_HasTheFirstTokenAsEventAtItsInstant()
    {
        Describe(_sample.Streamed());

        var firstToken = Assert.Single(_span.Events);
        Assert.Equal("vllm_secure.first_token", firstToken.Name);
        Assert.Equal(TimeSpan.FromSeconds(2), firstToken.Timestamp.UtcDateTime - _span.StartTimeUtc);
        Assert.Equal(2.0, _span.GetTagItem("vllm_secure.time_to_first_token"));
    }

    [Fact]
    public void Describe_UnknownModel_KeepsItOut()
    {
        _sample.Exchange.Request!.Model = "my secret";

        Describe(_sample);

        Assert.Equal("chat _OTHER", _span.DisplayName);
        Assert.DoesNotContain(_span.TagObjects, tag => tag.Value is string text && text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Describe_WhatTheClientWroteFreely_IsTakenOut()
    {
        _sample.Exchange.Endpoint = null;
        _sample.Context.Request.Path = "/v1/sk-secret";
        _sample.Context.Request.Method = "SECRET";
        foreach (var name in new[] { "url.path", "url.query", "user_agent.original", "server.address", "http.request.method_original", "something.new" })
        {
            _span.SetTag(name, "a secret");
        }

        Describe(_sample);

        Assert.Equal("_OTHER /v1/*", _span.DisplayName);
        Assert.Equal("/v1/*", _span.GetTagItem("url.path"));
        Assert.DoesNotContain(_span.TagObjects, tag => tag.Value is string text && text.Contains("secret", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Describe_UnknownFinishReason_IsNotShown()
    {
        _sample.Streamed().Exchange.FinishReason = "whatever an upstream says";

        Describe(_sample);

        Assert.Equal(["_OTHER"], Assert.IsType<string[]>(_span.GetTagItem("gen_ai.response.finish_reasons")));
    }

    [Fact]
    public void Describe_ErrorInsideAStreamOf200_IsAnError()
    {
        _sample.Exchange.Outcome = ExchangeOutcome.UpstreamFailed;

        Describe(_sample.Streamed());

        Assert.Equal(ActivityStatusCode.Error, _span.Status);
        Assert.Equal("upstream_failed", _span.GetTagItem("error.type"));
    }

    [Fact]
    public void Describe_ClientLeft_IsNoErrorOfTheServer()
    {
        _sample.Exchange.Outcome = ExchangeOutcome.ClientLeft;

        Describe(_sample);

        Assert.Equal(ActivityStatusCode.Unset, _span.Status);
        Assert.Equal("client_left", _span.GetTagItem("error.type"));
        Assert.Null(_span.GetTagItem("http.response.status_code"));
    }

    [Fact]
    public void Describe_Throttled_HasAnEvent()
    {
        _sample.Exchange.Outcome = ExchangeOutcome.Throttled;
        _sample.Exchange.RefusedBy = "rate_limit_exceeded";

        Describe(_sample);

        Assert.Equal("vllm_secure.throttled", Assert.Single(_span.Events).Name);
        Assert.Equal("rate_limit_exceeded", _span.GetTagItem("vllm_secure.rule"));
    }

    public void Dispose()
    {
        _span.Dispose();
        _sample.Dispose();
    }

    private void Describe(SampleExchange sample)
    {
        sample.Context.Features.Set<IHttpActivityFeature>(new RequestActivity { Activity = _span });
        new RequestSpan(sample.Names, sample.Clock).Describe(sample.Context, sample.Exchange, ResponseStatus.Of(sample.Context, sample.Exchange));
    }

    private sealed class RequestActivity : IHttpActivityFeature
    {
        public required Activity Activity { get; set; }
    }
}
