using System.Net.Sockets;
using System.Text.Json;
using VllmSecure.Proxy.Routing.Connections;

namespace VllmSecure.Proxy.Routing.Health;

/// <summary>Why a server did not answer the proxy's own questions, in words. Never a message of unknown origin, which may hold a key.</summary>
internal static class LookFailure
{
    public static string Describe(Exception exception) => exception switch
    {
        _ when IsLoading(exception) => "it refuses connections: it is still loading its model, or is down",
        HttpRequestException { InnerException: PlainHttpRefusedException refused } => refused.Message,
        HttpRequestException { StatusCode: { } status } => $"it answers HTTP {(int)status}",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name cannot be resolved",
        HttpRequestException or IOException => "it cannot be reached",
        OperationCanceledException => "it does not answer in time",
        JsonException => "its /v1/models is no model listing",
        _ => $"the proxy cannot ask it ({exception.GetType().Name})",
    };

    /// <summary>vLLM listens only once its model is loaded; the published port of its container closes connections until then.</summary>
    public static bool IsLoading(Exception exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ResponseEnded,
    }
    or HttpRequestException
    {
        InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused }
            or IOException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset } },
    };
}
