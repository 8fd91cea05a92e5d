using System.Net;
using Microsoft.AspNetCore.Http.Features;
using VllmSecure.Proxy.Exchange;
using VllmSecure.Proxy.Telemetry;

namespace VllmSecure.Proxy.AccessLog;

/// <summary>
/// What the access log knows of a finished request. It is a copy of facts, so that nothing a client wrote freely (body,
/// query, headers) can reach a sink: there is no field for it.
/// </summary>
internal sealed record AccessLogEntry(DateTimeOffset Time, ProxyExchange Exchange)
{
    public string? TraceId { get; init; }

    public IPAddress? ClientAddress { get; init; }

    public string? Protocol { get; init; }

    public string? Method { get; init; }

    public string? Path { get; init; }

    public string? Model { get; init; }

    /// <summary>Null where the client left before there was an answer.</summary>
    public int? Status { get; init; }

    public TimeSpan Duration { get; init; }

    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>Reads the facts from a request whose pipeline has returned.</summary>
    public static AccessLogEntry Of(HttpContext context, ModelNames models, TimeProvider clock)
    {
        var exchange = ProxyExchange.Of(context);
        var timings = exchange.Timings;
        var duration = clock.GetElapsedTime(timings.Received);
        var address = context.Connection.RemoteIpAddress;
        return new AccessLogEntry(clock.GetUtcNow() - duration, exchange)
        {
            TraceId = context.Features.Get<IHttpActivityFeature>()?.Activity.TraceId.ToHexString(),
            ClientAddress = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address,
            Protocol = context.Request.Protocol,
            Method = HttpConventions.Method(context.Request.Method),
            Path = SafePath.Of(exchange.Endpoint, context.Request.Path),
            Model = models.Requested(exchange),
            Status = ResponseStatus.Of(context, exchange),
            Duration = duration,
            TimeToFirstToken = timings.FirstToken == 0 ? null : clock.GetElapsedTime(timings.Received, timings.FirstToken),
        };
    }
}
