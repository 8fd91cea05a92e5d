using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Errors;

/// <summary>Marks a connection when Kestrel rejects a request by itself: Kestrel tells it in a diagnostic event, before it answers.</summary>
internal sealed class RejectedRequestObserver : IObserver<KeyValuePair<string, object?>>
{
    private const string BadRequestEvent = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Subscribes to the events of the server; the subscription lives as long as the source.</summary>
    public static IDisposable Subscribe(DiagnosticListener source) =>
        source.Subscribe(new RejectedRequestObserver(), name => name == BadRequestEvent);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // With an exchange the request has reached the pipeline, which answers it. An HTTP/2 stream is reset by its own rules.
        if (value.Value is IFeatureCollection features
            && features.Get<ProxyExchange>() is null
            && features.Get<IHttp2StreamIdFeature>() is null
            && features.Get<RejectedRequestFeature>() is { } rejected
            && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException exception)
        {
            rejected.Status = exception.StatusCode;
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
