using System.Runtime.CompilerServices;
using System.Text.Json;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Faults;

namespace VllmSecure.Simulator.Http;

/// <summary>One request on its way through an endpoint.</summary>
internal sealed class Exchange(HttpContext http, ServerContext server, RecordedRequest record, FaultSession fault)
{
    public HttpContext Http { get; } = http;

    public ServerContext Server { get; } = server;

    public RecordedRequest Record { get; } = record;

    public SimulatorOptions Options => Server.Options;

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>vLLM takes a client's X-Request-Id for its own.</summary>
    public string NewId(string prefix) => prefix + (Record.Header("X-Request-Id") ?? Server.NewId());

    /// <summary>The body as a JSON object; anything else is vLLM's 400.</summary>
    public JsonElement ReadJson()
    {
        var mediaType = Http.Request.ContentType?.Split(';')[0].Trim();
        if (!string.Equals(mediaType, "application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw ApiException.Framework(400, "Unsupported Media Type: Only 'application/json' is allowed");
        }

        try
        {
            using var document = JsonDocument.Parse(Record.Body, Json.ReaderOptions);
            var root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object ? root : throw ApiException.BadRequest("Input should be a valid dictionary");
        }
        catch (JsonException)
        {
            throw ApiException.Framework(400, "JSON decode error");
        }
    }

    /// <summary>The model asked for, or the only one when none is named; an unknown one is a 404.</summary>
    public string ReadModel(JsonElement body)
    {
        var model = Json.String(body, "model");
        Record.Model = model;
        if (string.IsNullOrEmpty(model))
        {
            return Options.Models[0];
        }

        return IsServed(model) ? model : throw ApiException.UnknownModel(model);
    }

    public bool IsServed(string model) => Options.Models.Contains(model, StringComparer.Ordinal) || Server.Adapters.ContainsKey(model);

    /// <summary>A place in the engine, or a 503.</summary>
    public Sequence Admit(GenerationPlan plan)
    {
        foreach (var prompt in plan.Prompts)
        {
            if (prompt.Count >= Options.MaxModelLength)
            {
                throw ApiException.BadRequest(
                    $"This model's maximum context length is {Options.MaxModelLength} tokens. However, your request has {prompt.Count} input tokens. "
                    + "Please reduce the length of the input messages.",
                    "input_tokens");
            }
        }

        return Server.Engine.TryAdmit(plan, Record) ?? throw ApiException.QueueFull();
    }

    /// <summary>The tokens, with the planned fault among them.</summary>
    public async IAsyncEnumerable<EngineToken> DecodeAsync(Sequence sequence, bool streaming, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var sent = 0;
        await fault.AfterTokensAsync(sent, streaming, last: false);
        await foreach (var token in sequence.DecodeAsync(cancellationToken))
        {
            yield return token;
            sent++;
            await fault.AfterTokensAsync(sent, streaming, last: false);
        }

        await fault.AfterTokensAsync(sent, streaming, last: true);
        sequence.Finish();
    }

    /// <summary>Generates everything, for an answer in one piece.</summary>
    public async Task CompleteAsync(Sequence sequence)
    {
        await sequence.PrefillAsync(Aborted);
        await foreach (var _ in DecodeAsync(sequence, streaming: false, Aborted))
        {
            // Each token takes its time; the text is known from the plan.
        }
    }

    /// <summary>
    /// Sends status and headers at once, before any token, as vLLM does. An error from then on is an event; in OpenAI's
    /// older APIs [DONE] follows all the same.
    /// </summary>
    public async Task StreamAsync(Func<SseStream, Task> write, Func<SseStream, ApiException, Task>? writeError = null)
    {
        Http.Response.ContentType = "text/event-stream; charset=utf-8";
        await Http.Response.StartAsync(Aborted);
        await Http.Response.BodyWriter.FlushAsync(Aborted);
        fault.AfterHeaders();
        using var stream = new SseStream(Http.Response.BodyWriter, Aborted);
        try
        {
            await write(stream);
        }
        catch (ApiException error) when (writeError is not null)
        {
            await writeError(stream, error);
        }
        catch (ApiException error)
        {
            await stream.SendAsync(json => ErrorBody.Write(json, error, anthropic: false));
            await stream.DoneAsync();
        }
    }

    public async Task WriteJsonAsync(Action<Utf8JsonWriter> write, int statusCode = StatusCodes.Status200OK)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Json.WriterOptions))
        {
            write(json);
        }

        await WriteAsync(buffer.WrittenMemory, "application/json", statusCode);
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> body, string contentType, int statusCode = StatusCodes.Status200OK)
    {
        Http.Response.StatusCode = statusCode;
        Http.Response.ContentType = contentType;
        Http.Response.ContentLength = body.Length;
        await Http.Response.StartAsync(Aborted);
        await fault.WriteBodyAsync(body);
    }
}
