using Microsoft.AspNetCore.WebUtilities;

namespace VllmSecure.Simulator.Http;

/// <summary>An answer that is an error in vLLM's shape.</summary>
internal sealed class ApiException(int statusCode, string type, string message, string? param = null) : Exception(message)
{
    private const string EngineTrouble = "EngineCore encountered an issue. See stack trace (above) for the root cause.";

    public int StatusCode { get; } = statusCode;

    public string Type { get; } = type;

    public string? Param { get; } = param;

    /// <summary>Raised by the web framework, before the endpoint: OpenAI's shape even on Anthropic's paths.</summary>
    public bool FromFramework { get; private init; }

    public static ApiException BadRequest(string message, string? param = null) => new(400, "BadRequestError", message, param);

    public static ApiException UnknownModel(string model) => new(404, "NotFoundError", $"The model `{model}` does not exist.", "model");

    public static ApiException QueueFull() =>
        new(503, "ServiceUnavailableError", "The server is overloaded: the maximum number of queued requests has been reached. Please retry later.");

    public static ApiException Engine() => new(500, "InternalServerError", EngineTrouble);

    /// <summary>The framework names an error by its HTTP reason phrase.</summary>
    public static ApiException Framework(int statusCode, string? message = null)
    {
        var phrase = ReasonPhrases.GetReasonPhrase(statusCode);
        return new ApiException(statusCode, phrase, message ?? phrase) { FromFramework = true };
    }

    public static ApiException OfStatus(int statusCode) => statusCode switch
    {
        400 => BadRequest("The request was refused."),
        500 => Engine(),
        503 => new(503, "ServiceUnavailableError", "The server is overloaded."),
        _ => Framework(statusCode),
    };
}
