using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Features;
using VllmSecure.Simulator.Faults;

namespace VllmSecure.Simulator.Http;

/// <summary>Takes every request: records it, reads its body, checks the key, finds its endpoint, and writes down how it ended.</summary>
internal sealed class Dispatcher(ServerContext server, EndpointTable endpoints)
{
    public async Task HandleAsync(HttpContext http)
    {
        var record = Record(http);
        server.Journal.Add(record);
        var end = RequestEnd.Faulted;
        FaultSession? fault = null;
        try
        {
            http.Response.Headers.Server = "uvicorn";
            record.SetBody(await ReadBodyAsync(http));
            fault = await AnswerAsync(http, record, session => fault = session);
            end = fault.Spoiled ? RequestEnd.Faulted : RequestEnd.Completed;
        }
        catch (InjectedFaultException)
        {
            end = RequestEnd.Faulted;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or BadHttpRequestException or WebSocketException)
        {
            end = server.Stopping || fault is { Spoiled: true } ? RequestEnd.Faulted : RequestEnd.Aborted;
        }
        finally
        {
            record.StatusCode = http.Response.StatusCode;
            record.End(end);
        }
    }

    private static async Task<byte[]> ReadBodyAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return body.ToArray();
    }

    private async Task<FaultSession> AnswerAsync(HttpContext http, RecordedRequest record, Action<FaultSession> onFault)
    {
        var methods = endpoints.Find(record.Path);
        var endpoint = methods.FirstOrDefault(candidate => string.Equals(candidate.Method, record.Method, StringComparison.Ordinal));
        var inference = endpoint is { IsInference: true };
        var fault = new FaultSession(inference ? server.Faults.Take() : null, server.Faults, record, http);
        onFault(fault);
        var exchange = new Exchange(http, server, record, fault);
        if (!CrossOrigin.Apply(http) && Authentication.Check(exchange))
        {
            server.CountInFlight(inference ? 1 : 0);
            try
            {
                await RunAsync(exchange, fault, endpoint, methods);
            }
            finally
            {
                server.CountInFlight(inference ? -1 : 0);
            }
        }

        await http.Response.CompleteAsync();
        return fault;
    }

    private async Task RunAsync(Exchange exchange, FaultSession fault, Endpoint? endpoint, IReadOnlyList<Endpoint> methods)
    {
        try
        {
            await fault.BeforeHeadersAsync();
            if (endpoint is null)
            {
                throw NotRouted(exchange, methods);
            }

            if (endpoint.IsInference && server.Faults.EngineDead)
            {
                throw ApiException.Engine();
            }

            await endpoint.Handler(exchange);
        }
        catch (ApiException error) when (!exchange.Http.Response.HasStarted)
        {
            await WriteErrorAsync(exchange, error);
        }
        catch (InvalidOperationException exception) when (!exchange.Http.Response.HasStarted)
        {
            // A member of an unexpected JSON kind that no validation has caught: vLLM's handler of last resort answers alike.
            await WriteErrorAsync(exchange, new ApiException(StatusCodes.Status500InternalServerError, "InternalServerError", exception.Message));
        }
    }

    private static Task WriteErrorAsync(Exchange exchange, ApiException error)
    {
        var anthropic = ErrorBody.IsAnthropic(error, exchange.Record.Path);
        return exchange.WriteJsonAsync(json => ErrorBody.Write(json, error, anthropic), error.StatusCode);
    }

    private static ApiException NotRouted(Exchange exchange, IReadOnlyList<Endpoint> methods)
    {
        if (methods.Count == 0)
        {
            return ApiException.Framework(StatusCodes.Status404NotFound);
        }

        exchange.Http.Response.Headers.Allow = string.Join(", ", methods.Select(method => method.Method));
        return ApiException.Framework(StatusCodes.Status405MethodNotAllowed);
    }

    private RecordedRequest Record(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return new RecordedRequest(server.Journal)
        {
            Method = http.Request.Method,
            RawTarget = target,
            Path = RequestTarget.PathOf(target),
            Protocol = http.Request.Protocol,
            Headers = http.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToArray().OfType<string>().ToArray(), StringComparer.OrdinalIgnoreCase),
            ConnectionId = http.Connection.Id,
            ReceivedAt = server.Options.TimeProvider.GetUtcNow(),
        };
    }
}
