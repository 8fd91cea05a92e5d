using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using VllmSecure.Simulator.Engine;
using VllmSecure.Simulator.Http;

namespace VllmSecure.Simulator.Endpoints.Audio;

/// <summary>POST /v1/audio/transcriptions and /v1/audio/translations, not streamed: the recording counts as one media part.</summary>
internal static class AudioEndpoint
{
    // vLLM's VLLM_MAX_AUDIO_CLIP_FILESIZE_MB.
    private const int MaxFileBytes = 25 * 1024 * 1024;

    public static async Task HandleAsync(Exchange exchange)
    {
        var (model, file) = await ReadFormAsync(exchange);
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

    private static async Task<(string? Model, long File)> ReadFormAsync(Exchange exchange)
    {
        if (!MediaTypeHeaderValue.TryParse(exchange.Http.Request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 } boundary)
        {
            throw ApiException.Framework(StatusCodes.Status400BadRequest, "Field required: file");
        }

        string? model = null;
        long? file = null;
        using var body = new MemoryStream(exchange.Record.Body);
        var reader = new MultipartReader(boundary.Value!, body);
        while (await reader.ReadNextSectionAsync(exchange.Aborted) is { } section)
        {
            switch (section.GetContentDispositionHeader()?.Name.Value?.Trim('"'))
            {
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

        return (model, file ?? throw ApiException.Framework(StatusCodes.Status400BadRequest, "Field required: file"));
    }
}
