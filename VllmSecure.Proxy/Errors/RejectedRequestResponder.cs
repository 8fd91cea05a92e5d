using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using VllmSecure.Proxy.Exchange;

namespace VllmSecure.Proxy.Errors;

/// <summary>
/// Gives a body to the answers that Kestrel sends by itself (a malformed request line, too many headers …). No
/// middleware sees those requests; Kestrel's diagnostic event is the only place where a body can still be added.
/// </summary>
internal sealed class RejectedRequestResponder : IObserver<KeyValuePair<string, object?>>
{
    private const string BadRequestEvent = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Subscribes to the events of the server; the subscription lives as long as the source.</summary>
    public static IDisposable Subscribe(DiagnosticListener source) =>
        source.Subscribe(new RejectedRequestResponder(), name => name == BadRequestEvent);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not IFeatureCollection features
            || features.Get<IHttpResponseFeature>() is not { HasStarted: false } response
            || features.Get<IHttpResponseBodyFeature>() is not { } body
            || features.Get<IBadRequestExceptionFeature>()?.Error is not BadHttpRequestException rejected)
        {
            return;
        }

        // The path of a request that could not be parsed says nothing, so this is always OpenAI's shape.
        var json = ApiErrorBody.Serialize(ApiErrors.ForStatus(rejected.StatusCode), ErrorDialect.OpenAI);
        response.Headers.ContentType = "application/json";
        response.Headers.ContentLength = json.Length;
        response.Headers.CacheControl = "no-store";

        // Kestrel completes the response after this event; the write into its pipe does not wait for the client.
        body.Writer.Write(json);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
