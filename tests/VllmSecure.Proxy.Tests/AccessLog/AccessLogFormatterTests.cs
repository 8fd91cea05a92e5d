using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using VllmSecure.Proxy.AccessLog;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Tests.Telemetry;

namespace VllmSecure.Proxy.Tests.AccessLog;

public sealed class AccessLogFormatterTests : IDisposable
{
    private readonly SampleExchange _sample = new();

    [Fact]
    public void Format_StreamedAnswer_IsThisLine()
    {
        _sample.Context.Connection.RemoteIpAddress = IPAddress.Parse("::ffff:192.0.2.7");

        var line = Format(_sample.Streamed());

        Assert.Equal(
            """
            {"time":"2026-03-04T05:06:07.000Z","request_id":"req_sample","trace_id":null,"key_id":"key-1","client_address":"192.0.2.7","protocol":"HTTP/2","method":"POST","path":"/v1/chat/completions","model":"org/served-model","stream":true,"status":200,"outcome":"ok","ended_by":"upstream","rule":null,"upstream":"gpu-1","bytes_in":321,"bytes_out":654,"tokens_in":10,"tokens_out":5,"tokens_cached":4,"finish_reason":"stop","queue_time_ms":null,"time_to_first_token_ms":2000,"duration_ms":7000}

            """,
            line);
    }

    [Fact]
    public void Format_ClientLeftBeforeTheAnswer_HasNoStatus()
    {
        _sample.Exchange.Outcome = ExchangeOutcome.ClientLeft;

        using var json = JsonDocument.Parse(Format(_sample));

        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("status").ValueKind);
        Assert.Equal("client", json.RootElement.GetProperty("ended_by").GetString());
    }

    [Fact]
    public void Format_FieldsSwitchedOff_AreNotThere()
    {
        var options = new AccessLogOptions { Fields = { ["client_address"] = false, ["KEY_ID"] = false, ["model"] = true } };

        using var json = JsonDocument.Parse(Format(_sample, options));

        Assert.False(json.RootElement.TryGetProperty("client_address", out _));
        Assert.False(json.RootElement.TryGetProperty("key_id", out _));
        Assert.True(json.RootElement.TryGetProperty("model", out _));
    }

    [Fact]
    public void Format_SecretsWhereverAClientCanWrite_AreNotThere()
    {
        const string Secret = "sk-canary";
        var request = _sample.Context.Request;
        _sample.Exchange.Endpoint = null;
        _sample.Exchange.Request!.Model = Secret;
        request.Method = Secret;
        request.Path = "/v1/" + Secret;
        request.QueryString = new("?key=" + Secret);
        request.Headers.Authorization = "Bearer " + Secret;
        request.Headers.UserAgent = Secret;
        request.Headers["X-Request-Id"] = Secret;
        request.Headers.Host = Secret;

        Assert.DoesNotContain("canary", Format(_sample), StringComparison.Ordinal);
    }

    public void Dispose() => _sample.Dispose();

    private static string Format(SampleExchange sample, AccessLogOptions? options = null)
    {
        var entry = AccessLogEntry.Of(sample.Context, sample.Names, sample.Clock);
        return Encoding.UTF8.GetString(new AccessLogFormatter(Options.Create(options ?? new AccessLogOptions())).Format(entry).Span);
    }
}
