using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using VllmSecure.Simulator.Endpoints.Generation;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Audio;

/// <summary>POST /v1/audio/transcriptions and /v1/audio/translations: the recording counts as one media part.</summary>
internal static class AudioEndpoint
{
    // vLLM's VLLM_MAX_AUDIO_CLIP_FILESIZE_MB.
    private const int MaxFileBytes = 25 * 1024 * 1024;

    public static async Task HandleAsync(Exchange exchange)
    {
        var (model, file, stream) = await ReadFormAsync(exchange);
        exchange.Record.Model = model;
        if (model is not null && !exchange.IsServed(model))
        {
            throw ApiException.UnknownModel(model);
        }

        if (file > MaxFileBytes)
        {
            throw new ApiException(StatusCodes.Status413PayloadTooLarge, "Payload Too Large", "Maximum file size exceeded");
        }

        IReadOnlyList<string> prompt =
            [.. Enumerable.Range(0, SimulatedTokenizer.TokensPerMediaPart).Select(index => $"<audio{index}:{file}>")];
        var choice = Planner.Plan(exchange.Options, prompt, new Sampling(), choice: 0);
        using var sequence = exchange.Admit(new GenerationPlan([prompt], [choice], CacheSalt: string.Empty));
        if (stream.Enabled)
        {
            await exchange.StreamAsync(events => StreamAsync(exchange, stream, sequence, choice, events));
            return;
        }

        await exchange.CompleteAsync(sequence);
        await exchange.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            Json.WriteText(json, "text", choice.Text(PieceKind.Content));
            json.WriteStartObject("usage");
            json.WriteString("type", "duration");
            json.WriteNumber("seconds", 1);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private static async Task StreamAsync(Exchange exchange, StreamOptions options, Sequence sequence, ChoicePlan choice, SseStream events)
    {
        var id = exchange.NewId("trsc-");
        var sent = 0;
        await sequence.PrefillAsync(exchange.Aborted);
        await foreach (var token in exchange.DecodeAsync(sequence, streaming: true, exchange.Aborted))
        {
            sent++;
            await events.SendAsync(json => WriteChunk(json, WriteDelta, options.ContinuousUsage));

            void WriteDelta(Utf8JsonWriter json)
            {
                json.WriteStartObject();
                json.WriteStartObject("delta");
                Json.WriteText(json, "content", token.Piece.Text);
                json.WriteEndObject();
                if (token.IsLast)
                {
                    json.WriteString("finish_reason", choice.FinishReason);
                }

                json.WriteEndObject();
            }
        }

        if (options.IncludeUsage)
        {
            await events.SendAsync(json => WriteChunk(json, _ => { }, usage: true));
        }

        await events.DoneAsync();

        void WriteChunk(Utf8JsonWriter json, Action<Utf8JsonWriter> writeChoice, bool usage)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("object", "transcription.chunk");
            json.WriteNumber("created", exchange.Server.UnixTime);
            json.WriteStartArray("choices");
            writeChoice(json);
            json.WriteEndArray();
            if (usage)
            {
                Usage.Write(json, exchange, sent, details: false);
            }

            json.WriteEndObject();
        }
    }

    private static async Task<(string? Model, long File, StreamOptions Stream)> ReadFormAsync(Exchange exchange)
    {
        if (!MediaTypeHeaderValue.TryParse(exchange.Http.Request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 } boundary)
        {
            throw ApiException.Framework(StatusCodes.Status400BadRequest, "Field required: file");
        }

        string? model = null;
        long? file = null;
        var switches = new HashSet<string>(StringComparer.Ordinal);
        using var body = new MemoryStream(exchange.Record.Body);
        var reader = new MultipartReader(boundary.Value!, body);
        while (await reader.ReadNextSectionAsync(exchange.Aborted) is { } section)
        {
            var name = section.GetContentDispositionHeader()?.Name.Value?.Trim('"');
            switch (name)
            {
                case "stream" or "stream_include_usage" or "stream_continuous_usage_stats":
                    if (await section.ReadAsStringAsync(exchange.Aborted) is "true")
                    {
                        switches.Add(name);
                    }

                    break;
                case "model":
                    model = await section.ReadAsStringAsync(exchange.Aborted);
                    break;
                case "file":
                    using (var content = new MemoryStream())
                    {
                        await section.Body.CopyToAsync(content, exchange.Aborted);
                        file = content.Length;
                    }

                    break;
            }
        }

        var usage = switches.Contains("stream_include_usage");
        return (
            model,
            file ?? throw ApiException.Framework(StatusCodes.Status400BadRequest, "Field required: file"),
            new StreamOptions(switches.Contains("stream"), usage, usage && switches.Contains("stream_continuous_usage_stats")));
    }
}
